package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
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

/** Two gateways on one database, of which one runs three hours ahead (libfaketime, Debian package {@code faketime}). */
@Tag("long")
class WrongClockIT {

    private static final Duration LIFE = Duration.ofSeconds(40);
    private static final Duration TO_FINISH = Duration.ofSeconds(90);

    private Surroundings around;

    @BeforeEach
    void start() {
        around = new Surroundings(
                SandboxSettings.defaults().withTokenLifetime(LIFE).withLateVerdictAfter(Duration.ofSeconds(12)));
    }

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void a_replica_three_hours_ahead_ends_no_live_session_and_says_so() throws IOException {
        Optional<Path> fakeTime = fakeTime();
        assumeTrue(fakeTime.isPresent(), "libfaketime is not installed: apt-get install faketime");
        GatewayEnvironment environment = around.environment()
                .with("jumdata.token-lifetime", LIFE.toString())
                .with("jumdata.timeout", "4s")
                .with("liveness.expiry-grace", "30s")
                .with("liveness.reconcile.timetable", "2s,4s")
                .with("liveness.reconcile.last-looks", "15s,5s");
        GatewayProcess ahead = around.launch(environment
                .with("LD_PRELOAD", fakeTime.get().toString())
                .with("FAKETIME", "+3h")
                .with("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
        GatewayProcess right = around.start(environment);
        ahead.awaitReady();
        Patience.await("the wrong clock to be reported", TO_FINISH)
                .until(() -> ahead.output().stream().anyMatch(line -> line.contains("clock.wrong")));

        List<Answer> opened = Stream.of("pass", "late", "abandon")
                .map(scenario -> around.callers().open(right.url(), "order-" + scenario, scenario))
                .toList();
        assertThat(opened).allMatch(answer -> answer.status() == 201);
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);

        assertThat(StoredSession.all(around.database()).stream().map(StoredSession::end))
                .containsExactlyInAnyOrder("PASSED/CHARGED", "PASSED/CHARGED", "EXPIRED/REFUNDED");
        assertThat(StoredSession.all(around.database()).stream().filter(session -> session.events("WRITTEN_OFF") > 0))
                .as("all by the vendor's word")
                .isEmpty();
        assertThat(ahead.output().stream().filter(line -> line.contains("session.settled")))
                .as("settled by the one whose clock is wrong")
                .isEmpty();
        BothBooks.assertAgree(
                StoredSession.all(around.database()), around.books().rows());
    }

    private static Optional<Path> fakeTime() throws IOException {
        Path libraries = Path.of("/usr/lib");
        try (Stream<Path> found =
                Files.find(libraries, 3, (path, file) -> path.endsWith(Path.of("faketime", "libfaketimeMT.so.1")))) {
            return found.findFirst();
        }
    }
}
