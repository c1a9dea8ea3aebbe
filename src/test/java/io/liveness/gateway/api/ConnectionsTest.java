package io.liveness.gateway.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.privacy.face.FaceImageTest;
import io.liveness.gateway.privacy.face.SlowFaces;
import io.liveness.gateway.settle.RecordAnswers;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Connections to the API's port: versions of HTTP and time limits. */
@QuarkusTest
@TestProfile(ConnectionsProfile.class)
@QuarkusTestResource(GatewayTestResource.class)
@QuarkusTestResource(value = SlowFaces.class, restrictToAnnotatedClass = true)
class ConnectionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GET = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n";
    /** Longer than the idle timeout, with shorter pauses. */
    private static final int PARTS = 8;

    private static final int PAUSE_SECONDS = 5;

    private final Api api = Api.asNewCaller();

    @Inject
    RecordAnswers record;

    @Test
    void http_2_without_tls_is_refused_at_the_start_of_a_connection() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            RawAnswer answer = caller.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(caller.isClosed()).isTrue();
        }
    }

    @Test
    void an_upgrade_to_it_is_ignored() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            RawAnswer answer = caller.exchange(GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("Upgrade")).isNull();
        }
    }

    @Test
    void the_number_of_connections_is_limited_and_a_closed_one_frees_a_place() throws IOException {
        List<RawConnection> open = new ArrayList<>();
        try {
            boolean refused = false;
            while (!refused) {
                assertThat(open).hasSizeLessThanOrEqualTo(ConnectionsProfile.CONNECTIONS);
                RawConnection next = new RawConnection();
                open.add(next);
                refused = !isServed(next);
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }

        Patience.await("room", PATIENCE).until(() -> {
            try (RawConnection next = new RawConnection()) {
                return isServed(next);
            }
        });
    }

    @Test
    void a_connection_on_which_nothing_happens_is_closed_but_neither_a_long_wait_nor_a_slow_face_image_is_cut()
            throws Exception {
        String waitedFor = api.opened("abandon");
        String photographed = api.opened("abandon");
        int port = ConfigProvider.getConfig().getValue(SlowFaces.PORT, int.class);
        try (StubVendor upstream = new StubVendor(port, ConnectionsTest::drip);
                RawConnection idle = new RawConnection()) {
            record.answers(
                            List.of(FaceImageTest.passes(
                                    UUID.fromString(photographed), Optional.of("http://localhost:" + port + "/face"))),
                            Purpose.POLL)
                    .await()
                    .atMost(PATIENCE);
            assertThat(isServed(idle)).isTrue();
            CompletableFuture<Response> wait = CompletableFuture.supplyAsync(() -> api.request()
                    .queryParam("waitSeconds", SessionResource.MAX_WAIT_SECONDS)
                    .get(Api.SESSIONS + "/" + waitedFor));
            CompletableFuture<Response> face =
                    CompletableFuture.supplyAsync(() -> FaceImageTest.face(api, photographed));

            assertThat(face.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).asByteArray())
                    .hasSize(PARTS);
            assertThat(wait.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).<String>path("status"))
                    .isEqualTo("PENDING");
            assertThat(upstream.requests()).hasSize(1);
            assertThat(idle.isClosed()).isTrue();
        }
    }

    /** An image that comes slowly, but comes. */
    private static void drip(Socket socket) throws IOException, InterruptedException {
        socket.getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: " + PARTS + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
        for (int part = 0; part < PARTS; part++) {
            new CountDownLatch(1).await(PAUSE_SECONDS, TimeUnit.SECONDS);
            socket.getOutputStream().write('i');
        }
    }

    private static boolean isServed(RawConnection connection) throws IOException {
        try {
            return connection.exchange(GET + "\r\n").status() == 404;
        } catch (EOFException | SocketException refused) {
            return false;
        }
    }
}
