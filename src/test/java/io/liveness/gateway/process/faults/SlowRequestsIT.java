package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.ManyConnections;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that are sent slowly, and answers that are read slowly, keep no other caller waiting. */
class SlowRequestsIT {

    private static final int MORE_THAN_WORKER_THREADS = 205;
    private static final long BODY = 100_000;
    /** A thirty-second of the heap, which is a little less than what was asked for on the JVM. */
    private static final long MOST_OF_A_CALLER = ((long) GatewayProcess.HEAP_MEBIBYTES << 20) / 32;

    private static final Duration TO_BE_CUT = Duration.ofSeconds(30);

    private static Surroundings around;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment()
                .with("jumdata.calls-per-second", "1000")
                .with("liveness.statement.receive-timeout", "10s"));
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    void bodies_that_arrive_byte_by_byte_are_cut_and_meanwhile_others_are_answered() throws IOException {
        String head = "POST /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Idempotency-Key: slow\r\nAuthorization: Bearer "
                + around.callers().accessToken("slow")
                + "\r\nContent-Length: " + BODY + "\r\n\r\n";
        try (ManyConnections slow = new ManyConnections(gateway.url(), MORE_THAN_WORKER_THREADS)) {
            slow.send(head + "{\"title\":\"" + "x".repeat(12_000));
            slow.dripEvery(Duration.ofSeconds(1));

            assertServed("while bodies arrive");
            assertThat(slow.answered(408)).isZero();

            Patience.await("every slow body to be refused", TO_BE_CUT)
                    .until(() -> slow.closed() == MORE_THAN_WORKER_THREADS);
            assertThat(slow.answered(408)).isBetween(MOST_OF_A_CALLER * 9 / 10 / BODY, MOST_OF_A_CALLER / BODY);
            assertThat(slow.answered(408) + slow.answered(429)).isEqualTo(MORE_THAN_WORKER_THREADS);
            assertServed("afterwards");
        }
    }

    @Test
    void answers_that_are_read_byte_by_byte_keep_no_other_waiting() throws IOException {
        IntStream.range(0, 60)
                .mapToObj(n -> around.callers().openLater(gateway.url(), "row-" + n, "pass"))
                .toList()
                .forEach(CompletableFuture::join);
        String list = "GET /v1/liveness-sessions?pageSize=50 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + around.callers().accessToken() + "\r\n\r\n";
        try (ManyConnections slow = new ManyConnections(gateway.url(), 150)) {
            slow.send(list);
            // The first bytes have come: the lists are made, and the rest of the answers stays unread.
            Patience.await("answers to begin", TO_BE_CUT).until(() -> slow.answered(200) == 150);

            assertServed("while answers are not read");
        }
    }

    private static void assertServed(String when) {
        List<Answer> opened = IntStream.range(0, 20)
                .mapToObj(n -> around.callers().openLater(gateway.url(), when.replace(' ', '-') + n, "pass"))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(opened).as(when).extracting(Answer::status).containsOnly(201);
        assertThat(gateway.isReady()).as(when).isTrue();
        assertThat(gateway.metric("liveness_sessions_opened_total\\{outcome=\"accepted\""))
                .as(when)
                .isGreaterThanOrEqualTo(20);
    }
}
