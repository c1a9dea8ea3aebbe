package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The synchronous standby stops for a while, and every commit at the primary waits for it. Two gateways continue to be asked. */
class SynchronousStandbyIT {

    private static final Duration BETWEEN_READS = Duration.ofMillis(250);
    private static final Duration IS_READ = Duration.ofSeconds(3);
    private static final Duration TO_OPEN_AGAIN = Duration.ofSeconds(20);
    private static final Duration TO_FINISH = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofSeconds(12);
    private static final Duration LIFE_LEFT = Duration.ofSeconds(20);
    /** The connections of a gateway's pools, the one that listens, and one more that takes the place of another. */
    private static final int CONNECTIONS = 24 + 12 + 4 + 1 + 1;

    private static final String PROCESSES =
            "select count(*) from pg_stat_activity where application_name = 'liveness-gateway'";

    private FailoverPostgres postgres;
    private Surroundings around;
    private List<GatewayProcess> gateways = List.of();

    @BeforeEach
    void start() {
        Optional<Path> programs = FailoverPostgres.programs();
        assumeTrue(programs.isPresent(), "no installed PostgreSQL: give its directory as -Dtest.postgres");
        postgres = FailoverPostgres.start(programs.get());
    }

    @AfterEach
    void end() throws IOException {
        for (GatewayProcess gateway : gateways) {
            Files.write(Path.of("target", "standby-" + gateway.pid() + ".log"), gateway.output());
        }
        if (around != null) {
            around.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void while_commits_hang_reads_are_answered_and_no_open_costs_a_presumed_fee() {
        surround(AWAY.plus(LIFE_LEFT));
        List<String> known = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            known.add(around.callers()
                    .open(gateway(n).url(), "before-" + n, "pass")
                    .id());
        }

        postgres.pauseStandby();
        List<CompletableFuture<Answer>> opens = new ArrayList<>();
        Map<Integer, Long> reads = new TreeMap<>();
        Duration longestRead = Duration.ZERO;
        long processes = 0;
        Instant end = Instant.now().plus(AWAY);
        for (int n = 0; Instant.now().isBefore(end); n++) {
            if (n % 2 == 0) {
                opens.add(around.callers().openLater(gateway(n / 2).url(), "during-" + n, "pass"));
            }
            Instant asked = Instant.now();
            String address = gateway(n).url() + "/v1/liveness-sessions/" + known.get(n % known.size());
            reads.merge(around.callers().status("GET", address), 1L, Long::sum);
            Duration read = Duration.between(asked, Instant.now());
            longestRead = read.compareTo(longestRead) > 0 ? read : longestRead;
            processes = Math.max(processes, around.database().count(PROCESSES));
            pass(BETWEEN_READS);
        }
        postgres.resumeStandby();

        for (int n = 0; n < gateways.size(); n++) {
            String key = "after-" + n;
            GatewayProcess gateway = gateway(n);
            Patience.await("opens to be accepted again", TO_OPEN_AGAIN)
                    .until(() ->
                            around.callers().open(gateway.url(), key, "pass").status() == 201);
        }
        Map<Integer, Long> opened = opens.stream()
                .map(CompletableFuture::join)
                .collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()));
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);

        List<StoredSession> sessions = StoredSession.all(around.database());
        Set<String> sent =
                around.books().rows().stream().map(BookRow::returnUrl).collect(Collectors.toSet());
        List<StoredSession> presumed = sessions.stream()
                .filter(session -> session.status().equals("UNKNOWN") && !sent.contains(session.returnUrl()))
                .toList();
        System.out.printf(
                "Commits hung for %d s: reads %s, the longest %s; opens %s; %d processes at the server; ends: %s;"
                        + " %d unknown without an init; %d inits%n",
                AWAY.toSeconds(),
                reads,
                longestRead,
                opened,
                processes,
                sessions.stream().collect(Collectors.groupingBy(StoredSession::end, Collectors.counting())),
                presumed.size(),
                around.books().initCalls());
        assertThat(presumed).as("sessions with a fee although no init was sent").isEmpty();
        assertThat(reads.keySet()).as("answers of reads").containsExactly(200);
        assertThat(longestRead).isLessThan(IS_READ);
        assertThat(processes).isLessThanOrEqualTo((long) gateways.size() * CONNECTIONS);
        assertThat(around.books().initCalls())
                .as("inits, each of which took a fee")
                .isEqualTo(sent.size());
        BothBooks.assertAgree(sessions, around.books().rows());
    }

    private GatewayProcess gateway(int turn) {
        return gateways.get(turn % gateways.size());
    }

    private void surround(Duration life) {
        around = new Surroundings(
                SandboxSettings.defaults().withTokenLifetime(life),
                TestDatabase.create(postgres::server, postgres.address()));
        GatewayEnvironment environment = around.environment()
                .with("jumdata.timeout", "4s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", life.toString())
                .with("liveness.opening-timeout", "6s")
                .with("liveness.expiry-grace", "10s")
                .with("liveness.poll.timetable", "3s,6s,12s")
                .with("liveness.poll.final-polls", "15s,5s");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
    }

    private static void pass(Duration time) {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS))
                .join();
    }
}
