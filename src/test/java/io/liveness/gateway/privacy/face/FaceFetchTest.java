package io.liveness.gateway.privacy.face;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.http.LimitMetrics;
import io.liveness.gateway.check.settle.RecordAnswers;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Management;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.testsupport.http.TlsUpstreams;
import io.liveness.gateway.testsupport.postgres.TableLock;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the vendor's image server does, the caller gets a complete image, a problem, or a broken answer. */
@QuarkusTest
@TestProfile(LowLimits.class)
class FaceFetchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MEGABYTE = 1 << 20;
    private static final int LIMIT = 40 * MEGABYTE;
    private static final String JPEG = "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n";

    private final Api owner = Api.asNewCaller();

    @Inject
    RecordAnswers record;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    // Injected ports would be asked of every other test's configuration too.
    private final int plainPort = TlsUpstreams.port(TlsUpstreams.PLAIN_FACES);
    private final int tlsPort = TlsUpstreams.port(TlsUpstreams.FACES);

    private StubVendor upstream;

    @AfterEach
    void end() {
        if (upstream != null) {
            upstream.close();
        }
    }

    @Test
    void an_image_comes_over_https_and_nothing_of_the_answers_head_but_its_type_and_length() throws IOException {
        tls(
                TlsUpstreams.TRUSTED,
                StubVendor.raw("HTTP/1.1 200 OK\r\nContent-Type: IMAGE/PNG; name=id-card.png\r\nContent-Length: 5\r\n"
                        + "Set-Cookie: a=b\r\nServer: vendor\r\nCache-Control: public\r\n\r\nimage"));

        Response answer = FaceImageTest.face(owner, withFace("https://localhost:" + tlsPort + "/face?sign=a%2Fb"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asByteArray()).isEqualTo("image".getBytes(ISO_8859_1));
        assertThat(answer.header("Content-Type")).isEqualTo("image/png");
        assertThat(answer.header("Content-Length")).isEqualTo("5");
        assertThat(answer.headers().getValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.header("Set-Cookie")).isNull();
        assertThat(answer.header("Server")).isNull();
        assertThat(upstream.requests().get(0).line()).isEqualTo("GET /face?sign=a%2Fb HTTP/1.1");
        assertThat(upstream.requests().get(0).head()).doesNotContain("authorization", owner.token());
    }

    @Test
    void a_certificate_that_is_not_trusted_or_not_the_hosts_brings_no_image() throws IOException {
        for (String key : List.of(TlsUpstreams.UNKNOWN, TlsUpstreams.OF_ANOTHER_HOST)) {
            tls(key, image("image"));

            unavailable(FaceImageTest.face(owner, withFace("https://localhost:" + tlsPort + "/face")));

            assertThat(upstream.requests()).as(key).isEmpty();
            end();
        }
    }

    @Test
    void what_is_not_an_image_of_a_fitting_size_is_refused() throws IOException {
        plain(StubVendor.silence());
        String id = withFace(plainUrl());
        List<StubVendor.Behaviour> refused = List.of(
                StubVendor.http(200, "text/html", "<script>alert(1)</script>"),
                StubVendor.http(200, "image/svg+xml", "<svg/>"),
                StubVendor.http(200, "application/octet-stream", "image"),
                StubVendor.http(200, "", "image"),
                StubVendor.http(200, "image/jpeg", ""),
                StubVendor.http(206, "image/jpeg", "image"),
                StubVendor.http(403, "application/xml", "<Error/>"),
                StubVendor.raw("HTTP/1.1 302 Found\r\nLocation: " + plainUrl() + "\r\nContent-Length: 0\r\n\r\n"),
                StubVendor.raw(JPEG + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nimage"),
                StubVendor.raw(JPEG + "Content-Length: " + (LIMIT + 1) + "\r\n\r\nimage"),
                StubVendor.raw(JPEG + "\r\nimage that ends with its connection, whole or not"));

        for (StubVendor.Behaviour behaviour : refused) {
            upstream.behave(behaviour);
            FaceImageTest.problem(FaceImageTest.face(owner, id), 502, "face-image-refused");
        }

        assertThat(upstream.connections()).as("no redirect was followed").isEqualTo(refused.size());
    }

    @Test
    void an_address_that_is_not_allowed_is_not_called() throws IOException {
        plain(image("image"));

        for (String url : List.of(
                "http://127.0.0.1:" + plainPort + "/face",
                "https://localhost:" + plainPort + "/face",
                "http://localhost:" + Management.port() + "/q/metrics",
                "http://localhost:" + plainPort + "@img.example/face",
                "file:///etc/passwd")) {
            Response answer = FaceImageTest.face(owner, withFace(url));
            FaceImageTest.problem(answer, 502, "face-image-refused");
            assertThat(answer.asString()).doesNotContain("localhost", "127.0.0.1", "passwd");
        }

        assertThat(upstream.connections()).isZero();
    }

    @Test
    void a_vendor_that_cannot_answer_is_worth_another_try_later() throws IOException {
        plain(StubVendor.reset());
        String id = withFace(plainUrl());

        for (StubVendor.Behaviour behaviour : List.of(
                StubVendor.reset(),
                StubVendor.silence(),
                StubVendor.raw("no HTTP at all\r\n\r\n"),
                StubVendor.raw(JPEG + "Content-Length: 5\r\n\r\n"),
                StubVendor.http(500, "image/jpeg", "image"),
                StubVendor.http(503, "text/plain", "later"),
                StubVendor.http(429, "text/plain", "slower"))) {
            upstream.behave(behaviour);
            unavailable(FaceImageTest.face(owner, id));
        }
        end();
        unavailable(FaceImageTest.face(owner, id));
    }

    @Test
    void an_image_that_is_redacted_while_it_is_fetched_is_not_viewed() throws IOException {
        plain(StubVendor.silence());
        String id = withFace(plainUrl());
        upstream.behave(socket -> {
            owner.request()
                    .delete(Api.SESSIONS + "/" + id + "/face-image")
                    .then()
                    .statusCode(204);
            image("image").answer(socket);
        });

        FaceImageTest.problem(FaceImageTest.face(owner, id), 410, "gone");

        assertThat(owner.dataEventTypes(id)).containsExactly("FACE_REDACTED");
    }

    @Test
    void an_image_cut_short_is_a_broken_answer_not_a_short_image() throws IOException {
        plain(StubVendor.silence());
        String id = withFace(plainUrl());

        assertThat(cutShort(id, JPEG + "Content-Length: 9\r\n\r\nima"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-length: 9")
                .endsWith("\r\nima");
        assertThat(cutShort(id, JPEG + "Transfer-Encoding: chunked\r\n\r\n3\r\nima\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\nima\r\n");
    }

    /** Everything that the caller receives of an answer that the vendor breaks off once its beginning has arrived. */
    private String cutShort(String id, String begun) throws IOException {
        CountDownLatch arrived = new CountDownLatch(1);
        upstream.behave(socket -> {
            socket.getOutputStream().write(begun.getBytes(ISO_8859_1));
            arrived.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            socket.close();
        });
        try (Socket caller = ask(id)) {
            String head = head(caller);
            arrived.countDown();
            return head + new String(caller.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void nothing_is_sent_until_the_view_is_recorded() throws IOException {
        plain(StubVendor.raw(JPEG + "Content-Length: 5\r\n\r\nimage"));
        String id = withFace(plainUrl());
        try (TableLock views = TableLock.againstWrites(database, "face_view");
                Socket caller = ask(id)) {
            Patience.await("a view that waits for the lock", PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    stored.count(
                                            "select count(*) from pg_locks where relation = 'face_view'::regclass and not granted"))
                            .isPositive());
            assertThat(caller.getInputStream().available()).isZero();

            views.release();

            assertThat(head(caller)).startsWith("HTTP/1.1 200");
            assertThat(caller.getInputStream().readAllBytes()).isEqualTo("image".getBytes(ISO_8859_1));
        }
    }

    @Test
    void an_image_larger_than_it_may_be_is_cut_off() throws IOException {
        plain(socket -> {
            socket.getOutputStream().write((JPEG + "Transfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1));
            byte[] chunk = ("100000\r\n" + "i".repeat(MEGABYTE) + "\r\n").getBytes(ISO_8859_1);
            for (int sent = 0; sent <= LIMIT; sent += MEGABYTE) {
                socket.getOutputStream().write(chunk);
            }
            socket.getOutputStream().write("0\r\n\r\n".getBytes(ISO_8859_1));
        });

        String answer = raw(withFace(plainUrl()));

        assertThat(answer).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
        assertThat(answer.chars().filter(c -> c == 'i').count()).isLessThanOrEqualTo(LIMIT + 100);
    }

    @Test
    void an_image_that_never_ends_is_cut_off_when_its_time_is_up() throws IOException {
        plain(socket -> socket.getOutputStream().write((JPEG + "Content-Length: 9\r\n\r\nima").getBytes(ISO_8859_1)));

        assertThat(raw(withFace(plainUrl()))).startsWith("HTTP/1.1 200").endsWith("\r\nima");
    }

    @Test
    void a_slow_reader_holds_the_vendor_back_and_memory_does_not_grow_with_the_image() throws Exception {
        byte[] image = new byte[36 * MEGABYTE];
        Arrays.fill(image, (byte) 'i');
        Generous generous = new Generous(image);
        upstream = new StubVendor(ServerSocketChannel.open().socket(), plainPort, generous);

        try (Socket reader = ask(withFace(plainUrl()))) {
            assertThat(head(reader)).startsWith("HTTP/1.1 200");
            long taken = generous.heldBackAfter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            // Sockets of the system hold a few megabytes, whatever the image's size; that is why this one is large.
            System.getLogger("face").log(System.Logger.Level.INFO, "held back after {0} bytes", taken);
            assertThat(taken)
                    .as("bytes that left the vendor, none of them read")
                    .isLessThan(image.length / 3);
            assertThat(reader.getInputStream().readNBytes(image.length)).isEqualTo(image);
        }
    }

    @Test
    void a_disconnect_ends_the_fetch_and_frees_its_place() throws Exception {
        Generous generous = new Generous(new byte[9 * MEGABYTE]);
        upstream = new StubVendor(ServerSocketChannel.open().socket(), plainPort, generous);
        Api other = Api.asNewCaller();
        String id = withFace(owner, plainUrl());
        String others = withFace(other, plainUrl());
        Api late = Api.asNewCaller();
        String tooLate = withFace(late, plainUrl());
        double refusals = LimitMetrics.refusals("faces-per-caller");
        try (Socket first = ask(owner, id);
                Socket second = ask(owner, id);
                Socket third = ask(other, others)) {
            head(first);
            head(second);

            Response overItsShare = FaceImageTest.face(owner, id);
            assertThat(head(third)).as("another caller has a place").startsWith("HTTP/1.1 200");
            Response overAll = FaceImageTest.face(late, tooLate);

            FaceImageTest.problem(overItsShare, 429, "rate-limited");
            assertThat(overItsShare.header("Retry-After")).isEqualTo("1");
            assertThat(overItsShare.header("RateLimit")).endsWith("\"faces\";r=0");
            assertThat(LimitMetrics.refusals("faces-per-caller")).isEqualTo(refusals + 1);
            unavailable(overAll);
        }

        assertThat(upstream.hungUp().await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        end();
        plain(image("image"));
        Patience.await("a free place", PATIENCE)
                .untilAsserted(() ->
                        assertThat(FaceImageTest.face(owner, id).statusCode()).isEqualTo(200));
    }

    @Test
    void nothing_of_a_face_images_address_or_of_a_token_that_comes_back_is_in_metrics_and_logs() throws IOException {
        List<String> marks = List.of("marked-path", "marked-query", "marked-hint", "marked-answer");
        plain(image("image"));
        Response session = owner.open("abandon");
        String id = session.path("id");
        passes(id, "http://localhost:" + plainPort + "/face/marked-path.jpg?sign=marked-query");
        try (LogRecorder log = LogRecorder.start()) {
            assertThat(FaceImageTest.face(owner, id).statusCode()).isEqualTo(200);
            for (StubVendor.Behaviour behaviour : List.of(
                    StubVendor.reset(),
                    StubVendor.raw("marked-answer\r\n\r\n"),
                    StubVendor.raw(JPEG + "Content-Length: marked-answer\r\n\r\n"),
                    StubVendor.raw(JPEG + "Transfer-Encoding: chunked\r\n\r\nmarked-answer\r\n"))) {
                upstream.behave(behaviour);
                unavailable(FaceImageTest.face(owner, id));
            }
            RestAssured.given()
                    .redirects()
                    .follow(false)
                    .queryParam("token", session.<String>path("token"))
                    .queryParam("passed", "marked-hint")
                    .get("/v1/return/" + id)
                    .then()
                    .statusCode(303);

            assertThat(upstream.requests().get(0).line()).contains("marked-path.jpg?sign=marked-query");
            assertThat(log.lines())
                    .anyMatch(line -> line.contains(id))
                    .noneMatch(line -> line.contains(session.<String>path("token")))
                    .noneMatch(line -> marks.stream().anyMatch(line.toLowerCase(Locale.ROOT)::contains));
        }
        assertThat(Management.metrics())
                .contains("liveness_faces_fetched_total{outcome=\"streamed\"}")
                .doesNotContain(session.<String>path("token"), id)
                .doesNotContain(marks);
    }

    /** Writes an image as fast as it is let. */
    private static final class Generous implements StubVendor.Behaviour {

        /** A reader this slow does not read. */
        private static final long HELD_BACK_MILLIS = 1_000;

        private final byte[] image;
        private final CompletableFuture<Long> heldBackAfter = new CompletableFuture<>();

        Generous(byte[] image) {
            this.image = image;
        }

        @Override
        public void answer(Socket socket) throws IOException {
            SocketChannel channel = socket.getChannel();
            socket.setSendBufferSize(1 << 16);
            channel.configureBlocking(false);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes((JPEG + "Content-Length: " + image.length + "\r\n\r\n").getBytes(ISO_8859_1));
            all.writeBytes(image);
            ByteBuffer rest = ByteBuffer.wrap(all.toByteArray());
            try (Selector writable = Selector.open()) {
                channel.register(writable, SelectionKey.OP_WRITE);
                while (rest.hasRemaining()) {
                    if (writable.select(HELD_BACK_MILLIS) == 0) {
                        heldBackAfter.complete((long) rest.position());
                    }
                    writable.selectedKeys().clear();
                    channel.write(rest);
                }
            }
            heldBackAfter.complete((long) rest.position());
        }
    }

    private static StubVendor.Behaviour image(String content) {
        return StubVendor.http(200, "image/jpeg", content);
    }

    private void plain(StubVendor.Behaviour behaviour) throws IOException {
        upstream = new StubVendor(plainPort, behaviour);
    }

    private void tls(String key, StubVendor.Behaviour behaviour) throws IOException {
        upstream = new StubVendor(TlsUpstreams.server(key), tlsPort, behaviour);
    }

    private String plainUrl() {
        return "http://localhost:" + plainPort + "/face";
    }

    /** A session that passed with a face image at this address. */
    private String withFace(String url) {
        return withFace(owner, url);
    }

    private String withFace(Api caller, String url) {
        String id = caller.opened("abandon");
        passes(id, url);
        return id;
    }

    private void passes(String id, String url) {
        record.answers(List.of(FaceImageTest.passes(UUID.fromString(id), Optional.of(url))), Purpose.POLL)
                .await()
                .atMost(PATIENCE);
    }

    private static void unavailable(Response answer) {
        FaceImageTest.problem(answer, 503, "vendor-unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
    }

    /** Everything up to the end of the connection. */
    private String raw(String id) throws IOException {
        try (Socket caller = ask(id)) {
            return new String(caller.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private Socket ask(String id) throws IOException {
        return ask(owner, id);
    }

    private static Socket ask(Api caller, String id) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1 << 15);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress("localhost", RestAssured.port));
        socket.getOutputStream()
                .write(("GET " + Api.SESSIONS + "/" + id
                                + "/face-image HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                                + caller.token()
                                + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
        return socket;
    }

    private static String head(Socket caller) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = caller.getInputStream().read();
            assertThat(next).as("after %s", head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }
}
