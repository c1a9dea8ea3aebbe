package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.postgres.ClockedPostgres;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clocks that are wrong: of one of two gateways, and of their database (libfaketime, Debian package {@code faketime}). */
@Tag("long")
class WrongClockIT {

    private static final Duration LIFE = Duration.ofSeconds(40);
    private static final Duration TO_FINISH = Duration.ofSeconds(90);
    private static final Duration AFTER_THE_JUMP = Duration.ofSeconds(20);
    private static final int MEANWHILE = 20;

    private Path fakeTime;
    private Surroundings around;

    @BeforeEach
    void find() throws IOException {
        Optional<Path> found = fakeTime();
        assumeTrue(found.isPresent(), "libfaketime is not installed: apt-get install faketime");
        fakeTime = found.get();
    }

    @AfterEach
    void end() {
        if (around != null) {
            around.close();
        }
    }

    @Test
    void a_jump_of_the_databases_clock_ends_no_live_session_and_stops_opens_for_seconds_only() {
        Optional<Path> programs = FailoverPostgres.programs();
        assumeTrue(programs.isPresent(), "no PostgreSQL is installed");
        try (ClockedPostgres postgres = ClockedPostgres.start(programs.get(), fakeTime)) {
            around = new Surroundings(
                    settings(),
                    TestDatabase.create(postgres::server, postgres.server().address()));
            List<GatewayProcess> gateways = List.of(around.launch(environment()), around.launch(environment()));
            gateways.forEach(GatewayProcess::awaitReady);
            open(gateways.get(0));

            postgres.set("+1h");
            gateways.forEach(gateway ->
                    Patience.await("the jump to be reported", TO_FINISH).until(() -> says(gateway, "clock.wrong")));
            for (int open = 0; open < MEANWHILE; open++) {
                around.callers().open(gateways.get(open % 2).url(), "meanwhile-" + open, "pass");
            }
            postgres.set("+0");

            int[] tries = new int[1];
            Patience.await("an open after the jump", AFTER_THE_JUMP)
                    .until(() -> around.callers()
                                    .open(gateways.get(1).url(), "after-" + tries[0]++, "pass")
                                    .status()
                            == 201);
            Patience.await("every session to be over", TO_FINISH)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);
            assertEndedByTheVendorsWord();
            assertThat(StoredSession.all(around.database()).stream()
                            .filter(session -> session.key().startsWith("order-"))
                            .map(StoredSession::end))
                    .containsExactlyInAnyOrder("PASSED/CHARGED", "PASSED/CHARGED", "EXPIRED/REFUNDED");
        }
    }

    @Test
    void a_replica_three_hours_ahead_ends_no_live_session_and_says_so() {
        around = new Surroundings(settings());
        GatewayEnvironment environment = environment();
        GatewayProcess ahead = around.launch(environment
                .with("LD_PRELOAD", fakeTime.toString())
                .with("FAKETIME", "+3h")
                .with("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
        GatewayProcess right = around.start(environment);
        ahead.awaitReady();
        Patience.await("the wrong clock to be reported", TO_FINISH).until(() -> says(ahead, "clock.wrong"));

        open(right);
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);

        assertThat(StoredSession.all(around.database()).stream().map(StoredSession::end))
                .containsExactlyInAnyOrder("PASSED/CHARGED", "PASSED/CHARGED", "EXPIRED/REFUNDED");
        assertThat(says(ahead, "session.settled"))
                .as("settled by the one whose clock is wrong")
                .isFalse();
        assertEndedByTheVendorsWord();
    }

    private static SandboxSettings settings() {
        return SandboxSettings.defaults().withTokenLifetime(LIFE).withLateVerdictAfter(Duration.ofSeconds(12));
    }

    private GatewayEnvironment environment() {
        return around.environment()
                .with("jumdata.token-lifetime", LIFE.toString())
                .with("jumdata.timeout", "4s")
                .with("liveness.expiry-grace", "30s")
                .with("liveness.poll.timetable", "2s,4s")
                .with("liveness.poll.final-polls", "15s,5s");
    }

    private void open(GatewayProcess gateway) {
        List<Answer> opened = Stream.of("pass", "late", "abandon")
                .map(scenario -> around.callers().open(gateway.url(), "order-" + scenario, scenario))
                .toList();
        assertThat(opened).allMatch(answer -> answer.status() == 201);
    }

    private void assertEndedByTheVendorsWord() {
        List<StoredSession> sessions = StoredSession.all(around.database());
        assertThat(sessions.stream().filter(session -> session.events("WRITTEN_OFF") > 0))
                .isEmpty();
        BothBooks.assertAgree(sessions, around.books().rows());
    }

    private static boolean says(GatewayProcess gateway, String event) {
        return gateway.output().stream().anyMatch(line -> line.contains(event));
    }

    private static Optional<Path> fakeTime() throws IOException {
        Path libraries = Path.of("/usr/lib");
        try (Stream<Path> found =
                Files.find(libraries, 3, (path, file) -> path.endsWith(Path.of("faketime", "libfaketimeMT.so.1")))) {
            return found.findFirst();
        }
    }
}
