package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.ManyConnections;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who takes what a replica has of connections and memory, most of it without a token, keeps no other caller out and does not end it. */
@Tag("alone")
class ExhaustedConnectionsIT {

    /** Half of the memory that k8s/base gives a pod, as the images take it. */
    private static final int HEAP_MEBIBYTES = 128;

    /** More than a replica accepts with so much memory, and than it has stood before. */
    private static final int MANY = 2_500;

    private static final String HEAD = "GET /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\n";
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration TO_BE_CUT = Duration.ofSeconds(25);

    private static Surroundings around;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws IOException {
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.startAsImage(around.environment(), HEAP_MEBIBYTES);
        // The first requests of a process take seconds of a busy machine, to load classes.
        try (ManyConnections first = new ManyConnections(gateway.url(), 500)) {
            first.send(HEAD + "\r\n");
            Patience.await("the first refusals", TO_BE_CUT).until(() -> first.answered(401) == 500);
        }
    }

    @AfterAll
    static void end() {
        around.close();
    }

    static Stream<String> endless_heads() {
        return Stream.of(
                HEAD + ("X-Endless: " + "x".repeat(1_000) + "\r\n").repeat(60),
                HEAD + ("X-Endless: " + "x".repeat(1_000) + "\r\n").repeat(17),
                HEAD + "a:\r\n".repeat(190),
                HEAD + "a:\r\n".repeat(4_500));
    }

    @ParameterizedTest
    @MethodSource("endless_heads")
    void heads_that_never_end_keep_nobody_out(String head) throws Exception {
        try (ManyConnections endless = new ManyConnections(gateway.url(), MANY)) {
            endless.send(head);
            endless.dripEvery(Duration.ofSeconds(3));

            assertOthersAreServed();
            Patience.await("every connection to be closed", TO_BE_CUT).until(() -> endless.closed() == MANY);
            assertOthersAreServed();
        }
    }

    @Test
    void connections_that_send_nothing_keep_nobody_out() throws Exception {
        try (ManyConnections silent = new ManyConnections(gateway.url(), MANY)) {
            assertSaysSo();
            assertOthersAreServed();
            Patience.await("every connection to be closed", TO_BE_CUT).until(() -> silent.closed() == MANY);
        }
    }

    @Test
    void connections_that_rest_after_a_401_keep_nobody_out() throws Exception {
        try (ManyConnections resting = new ManyConnections(gateway.url(), MANY)) {
            resting.send(HEAD + "\r\n");
            Patience.await("most to be answered", TO_BE_CUT).until(() -> resting.answered(401) > 1_000);

            assertSaysSo();
            assertOthersAreServed();
        }
    }

    @Test
    void bodies_without_their_last_byte_keep_no_other_caller_out() throws Exception {
        String body = "{\"title\":\"" + "x".repeat(127 * 1_024);
        String request = "POST /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Idempotency-Key: endless\r\nAuthorization: Bearer "
                + around.callers().accessToken("endless")
                + "\r\nContent-Length: " + (body.length() + 1) + "\r\n\r\n" + body;
        try (ManyConnections endless = new ManyConnections(gateway.url(), 1_500)) {
            endless.send(request);

            assertOthersAreServed();
            Patience.await("every connection to be closed", TO_BE_CUT).until(() -> endless.closed() == 1_500);
            // What is reset loses its answer.
            assertThat(endless.answered(408)).isPositive();
            assertThat(endless.answered(429)).isPositive();
            assertOthersAreServed();
        }
    }

    /** A request without a token is answered at once, whether its body comes or not. */
    @Test
    void bodies_of_callers_without_a_token_keep_nobody_out() throws Exception {
        String request = "POST /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 130000\r\n\r\n" + "x".repeat(4 * 1_024);
        try (ManyConnections endless = new ManyConnections(gateway.url(), MANY)) {
            endless.send(request);
            endless.dripEvery(Duration.ofSeconds(3));

            assertOthersAreServed();
            Patience.await("every connection to be closed", TO_BE_CUT).until(() -> endless.closed() == MANY);
        }
    }

    /** Every request has a new connection, as that of a stranger beside the connections that are there. */
    private void assertOthersAreServed() throws Exception {
        HttpRequest read = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/liveness-sessions"))
                .header("Authorization", "Bearer " + around.callers().accessToken())
                .timeout(SOON)
                .build();
        long slowest = 0;
        for (int n = 0; n < 10; n++) {
            HttpClient stranger =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            int status;
            long asked = System.nanoTime();
            try {
                status = stranger.send(read, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                throw new AssertionError("read %d, of\n%s".formatted(n, gateway.tail()), e);
            }
            assertThat(status).as("read %d", n).isEqualTo(200);
            slowest = Math.max(slowest, System.nanoTime() - asked);
        }
        assertThat(gateway.isLive()).isTrue();
        System.out.println("Memory of the process: %s; slowest of 10 reads: %d ms"
                .formatted(memory(), Duration.ofNanos(slowest).toMillis()));
    }

    private void assertSaysSo() {
        Patience.await("the replica to say that its connections are taken", SOON)
                .until(() -> gateway.metric("liveness_connections_share") >= 0.9);
        assertThat(gateway.metric("liveness_connections_share")).isLessThanOrEqualTo(2);
        assertThat(gateway.isLive()).isTrue();
        Patience.await("the replica to be ready, since those that rest give way", SOON)
                .until(gateway::isReady);
        assertThat(gateway.metrics()).contains("liveness_limits_refused_total{limit=\"connections\"");
    }

    private String memory() throws IOException {
        Path status = Path.of("/proc/" + gateway.pid() + "/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElseThrow()
                : "unknown";
    }
}
