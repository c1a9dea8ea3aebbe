package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.load.OutageLoad;
import io.liveness.gateway.testsupport.load.OutageLoad.Told;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.Waiters;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The database is away under load, once because its primary died and its standby takes over, once because the network
 * swallows everything. Answers of the vendor that come in the meantime are recorded afterwards; no key costs two fees; and
 * everything works again seconds after the return.
 */
class FailoverIT {

    private static final Duration TO_FINISH = Duration.ofMinutes(4);
    private static final Duration WORKS_AGAIN = Duration.ofSeconds(5);
    private static final Duration IS_ANSWERED = Duration.ofSeconds(20);
    // Refused callers return all at once: the test is about the database, not about the vendor's limit.
    private static final int CALLS_PER_SECOND = 1_000;
    private static final int POOL = 24 + 12;
    private static final int RESERVED = 4;
    private static final int LISTENING = 1;

    /**
     * How long each part takes. Final polls begin while the database is away, and go on when it is back.
     *
     * @param lifeLeft of the first tokens when it is back
     */
    private record Times(Duration before, Duration away, Duration after, Duration lifeLeft, Duration finalPolls) {

        static Times shortest() {
            return ofSeconds(3, 5, 3, 7, 9);
        }

        static Times away(int seconds) {
            return ofSeconds(8, seconds, 8, 15, 25);
        }

        private static Times ofSeconds(int before, int away, int after, int lifeLeft, int finalPolls) {
            return new Times(
                    Duration.ofSeconds(before),
                    Duration.ofSeconds(away),
                    Duration.ofSeconds(after),
                    Duration.ofSeconds(lifeLeft),
                    Duration.ofSeconds(finalPolls));
        }

        Duration life() {
            return before.plus(away).plus(lifeLeft);
        }
    }

    private static final String ENDPOINTS = "/v1/webhook-endpoints";

    private FailoverPostgres postgres;
    private Surroundings around;
    private FaultProxy results;
    private FaultProxy inits;
    private Waiters waiters;
    private String endpoint;
    private List<GatewayProcess> gateways = List.of();

    private final Runnable primaryDies = () -> postgres.killPrimary();
    private final Runnable standbyIsPromoted = () -> postgres.promote();
    private final Runnable networkSwallows = () -> postgres.network().swallow();
    private final Runnable networkIsBack = () -> postgres.network().recover();

    @BeforeEach
    void start() {
        Optional<Path> programs = FailoverPostgres.programs();
        assumeTrue(programs.isPresent(), "no installed PostgreSQL: give its directory as -Dtest.postgres");
        postgres = FailoverPostgres.start(programs.get());
    }

    @AfterEach
    void end() throws IOException {
        for (GatewayProcess gateway : gateways) {
            Files.write(Path.of("target", "failover-" + gateway.pid() + ".log"), gateway.output());
        }
        if (waiters != null) {
            waiters.close();
            results.close();
            inits.close();
            around.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void a_standby_that_takes_over_loses_no_verdict_and_costs_no_second_fee() {
        prove("primary killed", Times.shortest(), primaryDies, standbyIsPromoted);
    }

    @Tag("long")
    @Test
    void a_network_that_swallows_everything_loses_no_verdict_and_costs_no_second_fee() {
        prove("network swallows", Times.away(20), networkSwallows, networkIsBack);
    }

    private void prove(String name, Times times, Runnable begin, Runnable end) {
        surround(times);
        Duration away = times.away();
        OutageLoad load = new OutageLoad(around.callers(), waiters, gateways);
        load.callersWho(
                "before",
                6,
                times.before(),
                Scenario.PASS,
                Scenario.LATE,
                Scenario.NOT_PASS,
                Scenario.FAIL,
                Scenario.LATE,
                Scenario.ABANDON);
        pass(times.before().minusSeconds(1));

        Instant from = Instant.now();
        begin(begin);
        load.callersWho("during", 4, away.plus(times.after()), Scenario.PASS, Scenario.NOT_PASS, Scenario.FAIL);
        load.callersWhoAskOnce("once", 2, away);
        CompletableFuture<Set<Integer>> rows = CompletableFuture.supplyAsync(() -> readAndPause(away));
        pass(away);
        end.run();
        Instant to = Instant.now();

        pass(times.after());
        long connections = connections(to);
        load.join();
        awaitTheEnd();
        assertThat(rows.join())
                .as("rows that are read and changed one by one")
                .contains(503)
                .isSubsetOf(200, 503);
        gateways.forEach(
                gateway -> assertThat(List.of(read(gateway), pause(gateway))).containsOnly(200));

        List<StoredSession> sessions = StoredSession.all(around.database());
        Duration opens = load.opens(to, Instant.now()).stream()
                .filter(answer -> answer.what().equals("201"))
                .map(answer -> Duration.between(to, answer.asked().plus(answer.after())))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        List<Waiters.Answer> told = load.toldOfWhatWasSettledAfter(to);
        assertThat(told)
                .as("callers with a waiting read when their session was settled")
                .isNotEmpty();
        System.out.printf(
                "Database away (%s) for %d s: %d sessions, %d inits; a session opened after %s, first waiter told after %s (%d told: %s);"
                        + " %d connections; opens: %s; checks: %s; waits: %s; ends: %s%n",
                name,
                away.toSeconds(),
                sessions.size(),
                around.books().initCalls(),
                opens,
                Duration.between(to, told.get(0).answered()),
                told.size(),
                Waiters.Answer.describeDelays(told),
                connections,
                OutageLoad.describe(load.opens(from, to)),
                OutageLoad.describe(load.checks(from, to)),
                OutageLoad.describe(load.waits(from.minus(Waiters.WAIT), to)),
                sessions.stream().collect(Collectors.groupingBy(StoredSession::end, Collectors.counting())));
        load.assertNothingIsLost(sessions, around);
        assertClearAnswers(load.opens(from, to));
        assertClearAnswers(load.checks(from, to));
        assertThat(opens).as("until a session is opened").isLessThan(WORKS_AGAIN);
        assertThat(Duration.between(to, told.get(0).answered()))
                .as("until a waiting read is answered")
                .isLessThan(WORKS_AGAIN);
        assertNormalAgain(connections);
    }

    /** What was asked just before is answered when the database is away already. */
    private void begin(Runnable outage) {
        FaultProxy.Gate verdict = results.holdAnswers();
        FaultProxy.Gate opened = inits.holdAnswers();
        verdict.awaitReached();
        opened.awaitReached();
        outage.run();
        verdict.open();
        opened.open();
    }

    /** What a caller does with its webhook endpoint, by sessions of Panache. Both gateways are asked by turns. */
    private Set<Integer> readAndPause(Duration time) {
        Set<Integer> told = new HashSet<>();
        Instant end = Instant.now().plus(time);
        while (Instant.now().isBefore(end)) {
            gateways.forEach(gateway -> {
                told.add(read(gateway));
                told.add(pause(gateway));
            });
        }
        return told;
    }

    private int read(GatewayProcess gateway) {
        return around.callers().status("GET", gateway.url() + ENDPOINTS + "/" + endpoint);
    }

    private int pause(GatewayProcess gateway) {
        return around.callers().status("POST", gateway.url() + ENDPOINTS + "/" + endpoint + "/pause");
    }

    private static void assertClearAnswers(List<Told> requests) {
        assertThat(requests.stream().map(told -> told.what().substring(0, 3)))
                .as("what callers were told meanwhile")
                .isSubsetOf("200", "201", "409", "503", "504");
        assertThat(OutageLoad.longest(requests)).isLessThan(IS_ANSWERED);
    }

    private void assertNormalAgain(long connections) {
        assertThat(connections)
                .as("connections of both gateways")
                .isLessThanOrEqualTo(gateways.size() * (POOL + RESERVED + LISTENING));
        gateways.forEach(gateway -> {
            assertThat(gateway.metric("liveness_signals_listening")).isEqualTo(1);
            Patience.await("connections to be given back", TO_FINISH)
                    .until(() -> gateway.metric("sql_pool_active") == 0);
        });
        assertThat(around.database().count("select last_value from vendor_budget_full_at"))
                .isPositive();
    }

    private long connections(Instant since) {
        return around.database()
                .count(
                        "select count(*) from pg_stat_activity where application_name = 'liveness-gateway' and backend_start > '%s'"
                                .formatted(since));
    }

    private void surround(Times times) {
        Duration life = times.life();
        around = new Surroundings(
                SandboxSettings.defaults()
                        .withTokenLifetime(life)
                        .withLateVerdictAfter(life.minus(times.finalPolls()).minusSeconds(2)),
                TestDatabase.create(postgres::server, postgres.address()));
        results = FaultProxy.to(around.vendorUrl());
        inits = FaultProxy.to(around.vendorUrl());
        waiters = new Waiters(around.callers().accessToken(), 1_000);
        GatewayEnvironment environment = around.environment()
                .with("quarkus.rest-client.jumdata.url", results.url())
                .with("quarkus.rest-client.jumdata-init.url", inits.url())
                .with("jumdata.calls-per-second", Integer.toString(CALLS_PER_SECOND))
                .with("jumdata.timeout", "4s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", life.toString())
                .with("liveness.opening-timeout", "6s")
                .with("liveness.webhook.allowed-hosts", "shop.example")
                .with("liveness.expiry-grace", "10s")
                .with("liveness.poll.timetable", "3s,6s,12s")
                .with("liveness.poll.final-polls", times.finalPolls() + ",5s");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
        endpoint = around.callers()
                .post(
                        gateways.get(0).url() + ENDPOINTS + "?verify=false",
                        new JsonObject().put("url", "https://shop.example/events"),
                        201)
                .getString("id");
        pause(gateways.get(0));
    }

    private static void pass(Duration time) {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS))
                .join();
    }

    private void awaitTheEnd() {
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);
    }
}
