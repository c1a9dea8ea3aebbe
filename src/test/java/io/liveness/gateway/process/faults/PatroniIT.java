package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.load.OutageLoad;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.Waiters;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.postgres.PatroniCluster;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL as a cluster of Patroni, under load: the primary is demoted or killed again and again, and its standby takes over. Gateways know
 * both servers.
 */
class PatroniIT {

    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final Duration BEFORE_THE_FAULT = Duration.ofSeconds(2);
    private static final int ROUNDS = 2;
    private static final int OPENS_PER_SECOND = 4;
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final Duration LATE_VERDICT = Duration.ofSeconds(12);
    private static final Duration TO_FINISH = Duration.ofMinutes(4);

    private PatroniCluster cluster;
    private Surroundings around;
    private Waiters waiters;
    private List<GatewayProcess> gateways = List.of();

    @BeforeEach
    void start() {
        Optional<Path> programs = FailoverPostgres.programs();
        assumeTrue(programs.isPresent(), "no installed PostgreSQL: give its directory as -Dtest.postgres");
        cluster = PatroniCluster.start(programs.get());
    }

    @AfterEach
    void end() throws IOException {
        for (GatewayProcess gateway : gateways) {
            Files.write(Path.of("target", "patroni-" + gateway.pid() + ".log"), gateway.output());
        }
        if (waiters != null) {
            waiters.close();
            around.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Tag("long")
    void two_switchovers_and_two_kills_lose_nothing() {
        GatewayEnvironment environment = environment();
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
        OutageLoad load = new OutageLoad(around.callers(), waiters, gateways);
        Instant begin = Instant.now();
        for (int round = 0; round < ROUNDS; round++) {
            round(load, "switched-" + round, cluster::switchOver);
            round(load, "killed-" + round, cluster::killPrimary);
        }
        load.join();
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);

        List<StoredSession> sessions = StoredSession.all(around.database());
        System.out.printf(
                "Patroni, %d switchovers and %d kills in %d s: %d sessions, %d inits; opens: %s; ends: %s%n",
                ROUNDS,
                ROUNDS,
                Duration.between(begin, Instant.now()).toSeconds(),
                sessions.size(),
                around.books().initCalls(),
                OutageLoad.describe(load.opens(begin, Instant.now())),
                sessions.stream().collect(Collectors.groupingBy(StoredSession::end, Collectors.counting())));
        load.assertNothingIsLost(sessions, around);
        assertThat(gateways).allMatch(GatewayProcess::isReady);
    }

    private GatewayEnvironment environment() {
        around = new Surroundings(
                SandboxSettings.defaults().withTokenLifetime(LIFE).withLateVerdictAfter(LATE_VERDICT),
                TestDatabase.create(cluster::server, cluster.server().address()));
        waiters = new Waiters(around.callers().accessToken(), 1_000);
        String name = URI.create(around.environment()
                        .value("quarkus.datasource.reactive.url")
                        .orElseThrow())
                .getPath()
                .substring(1);
        return around.environment()
                .with("quarkus.datasource.reactive.url", cluster.addresses(name, false))
                .with("quarkus.datasource.jdbc.url", cluster.addresses(name, true))
                .with("jumdata.calls-per-second", "1000")
                .with("jumdata.timeout", "4s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", LIFE.toString())
                .with("liveness.expiry-grace", "30s")
                .with("liveness.poll.timetable", "3s,6s,12s")
                .with("liveness.poll.final-polls", "30s,5s");
    }

    private void round(OutageLoad load, String name, Runnable fault) {
        load.callersWho(name, OPENS_PER_SECOND, ROUND, Scenario.PASS, Scenario.NOT_PASS, Scenario.LATE, Scenario.FAIL);
        CompletableFuture<Void> over = CompletableFuture.runAsync(() -> {}, in(ROUND));
        CompletableFuture.runAsync(fault, in(BEFORE_THE_FAULT)).join();
        cluster.awaitChanged();
        over.join();
    }

    private static Executor in(Duration time) {
        return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
