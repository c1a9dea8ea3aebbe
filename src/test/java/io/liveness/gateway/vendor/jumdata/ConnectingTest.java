package io.liveness.gateway.vendor.jumdata;

import static io.liveness.gateway.testsupport.http.StubVendor.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.testsupport.http.TlsKeys;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that fails before the request is sent took no fee; a call that fails later may have taken one. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class ConnectingTest {

    private static final InitParameters ORDER = new InitParameters(
            ReturnUrl.parse("wx.history"), ActionStyle.SILENT, List.of(), true, true, Optional.empty());
    private static final Confidential TOKEN = new Confidential("the-token");
    private static final String GOOD =
            "{\"code\":200,\"charge\":true,\"data\":{\"token\":\"t\",\"checkUrl\":\"https://h5.example/c\"}}";
    /** The limit of an answer is the shorter one here: it must not end a connection that is still being made. */
    private static final TestConfig CONFIG =
            TestConfig.of("the-app", "the-secret").withTimeouts(Duration.ofMillis(800), Duration.ofMillis(400));

    private static final String TRUSTED = "trusted";
    private static final String OF_ANOTHER_HOST = "other-host";
    private static final TlsKeys KEYS = TlsKeys.inTemporaryDirectory();

    @RestClient
    Jumdata.Fresh fresh;

    @RestClient
    Jumdata.Kept kept;

    @ConfigProperty(name = "quarkus.vertx.resolver.servers")
    String nameServer;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    @BeforeAll
    static void makeKeys() {
        KEYS.make(TRUSTED, "localhost");
        KEYS.make(OF_ANOTHER_HOST, "vendor.example");
    }

    @BeforeEach
    void lead_to_the_stub() {
        Detour.take();
    }

    @AfterEach
    void close() throws Exception {
        Detour.leave();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closed(T later) {
        open.add(later);
        return later;
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(20));
    }

    private static void assertTookNoFee(Jumdata jumdata) {
        assertThat(get(jumdata.open(ORDER)))
                .isEqualTo(new OpenOutcome.Refused(
                        Optional.empty(), true, "no connection to the vendor could be made", Optional.empty()));
        assertThat(get(jumdata.poll(TOKEN)))
                .isInstanceOfSatisfying(
                        VerdictOutcome.NoAnswer.class,
                        none -> assertThat(none.reason()).isEqualTo("no connection to the vendor could be made"));
    }

    private static Jumdata at(String url, String trusted) {
        return at(url, trusted, CONFIG);
    }

    private static Jumdata at(String url, String trusted, TestConfig config) {
        return config.jumdata(client(Jumdata.Fresh.class, url, trusted), client(Jumdata.Kept.class, url, trusted));
    }

    private static <T> T client(Class<T> type, String url, String trusted) {
        return QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(url))
                .trustStore(KEYS.trusting(trusted), "")
                .build(type);
    }

    private static Jumdata.Fresh inits(Function<VendorCall.Form, Uni<Response>> init) {
        return new Jumdata.Fresh() {
            @Override
            public Uni<Response> init(VendorCall.Form form) {
                return init.apply(form);
            }

            @Override
            public Uni<Response> result(VendorCall.Form form) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /** Accepts connections and does this with each. */
    private ServerSocket server(StubVendor.Behaviour behaviour) throws IOException {
        ServerSocket server = closed(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(() -> {
            while (true) {
                Socket socket = closed(server.accept());
                connections.incrementAndGet();
                daemon(() -> behaviour.answer(socket));
            }
        });
        return server;
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        // One of the two sides has gone, which is what these tests are about.
                    }
                },
                "connecting test");
        thread.setDaemon(true);
        thread.start();
    }

    private static SSLSocket tls(Socket socket) throws IOException {
        SSLContext context = KEYS.server(TRUSTED);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        tls.setUseClientMode(false);
        return tls;
    }

    private StubNameServer nameServer() {
        return closed(new StubNameServer(Integer.parseInt(nameServer.substring(nameServer.indexOf(':') + 1))));
    }

    @Test
    void a_name_that_does_not_exist() {
        StubNameServer names = nameServer();

        assertTookNoFee(at("https://nowhere.invalid", TRUSTED));

        assertThat(names.questions()).isPositive();
    }

    @Test
    void a_name_server_that_keeps_silent() {
        StubNameServer names = nameServer();

        assertTookNoFee(at("https://silent.invalid", TRUSTED));

        assertThat(names.questions()).isPositive();
    }

    @Test
    void a_port_that_refuses() {
        assertTookNoFee(CONFIG.jumdata(fresh, kept));
    }

    @Test
    void an_address_that_swallows_everything() throws IOException {
        // The socket accepts nothing and its queue is full, so a further connection is neither made nor refused.
        ServerSocket full = closed(new ServerSocket());
        full.setReuseAddress(true);
        full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Detour.PORT), 1);
        for (int i = 0; i < 4; i++) {
            try {
                closed(new Socket()).connect(full.getLocalSocketAddress(), 200);
            } catch (IOException queueIsFull) {
                break;
            }
        }

        assertTookNoFee(CONFIG.jumdata(fresh, kept));
    }

    @Test
    void a_vendor_that_hangs_up_on_the_tls_handshake() throws IOException {
        ServerSocket server = server(socket -> {
            socket.getInputStream().read();
            socket.close();
        });

        assertTookNoFee(at("https://localhost:" + server.getLocalPort(), TRUSTED));

        assertThat(connections).as("two attempts for each of two calls").hasValue(4);
    }

    @Test
    void a_vendor_that_never_answers_the_tls_handshake() throws IOException {
        ServerSocket server = server(StubVendor.silence());

        assertTookNoFee(at("https://localhost:" + server.getLocalPort(), TRUSTED));

        assertThat(connections).as("two attempts for each of two calls").hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {TRUSTED, OF_ANOTHER_HOST})
    void a_certificate_that_is_not_the_vendors(String ofServer) throws IOException {
        ServerSocket tls = KEYS.server(ofServer).getServerSocketFactory().createServerSocket();
        StubVendor vendor = closed(new StubVendor(tls, 0, json(GOOD)));
        // The first one is not signed by a trusted authority; the second one is trusted and names another host.
        String trusted = OF_ANOTHER_HOST;

        assertTookNoFee(at("https://localhost:" + vendor.port(), trusted));

        assertThat(vendor.connections()).isPositive();
        assertThat(vendor.requests()).isEmpty();
    }

    @Test
    void a_request_that_was_given_up_is_not_sent_when_its_connection_comes_after_all() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        List<CompletableFuture<Integer>> heard = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        AtomicInteger next = new AtomicInteger();
        ServerSocket server = server(socket -> {
            CompletableFuture<Integer> mine = heard.get(next.getAndIncrement());
            try {
                givenUp.await();
                SSLSocket tls = tls(socket);
                tls.startHandshake();
                mine.complete(tls.getInputStream().read());
            } catch (Exception e) {
                mine.completeExceptionally(e);
            }
        });

        OpenOutcome outcome =
                get(at("https://localhost:" + server.getLocalPort(), TRUSTED).open(ORDER));
        givenUp.countDown();

        assertThat(outcome).isInstanceOf(OpenOutcome.Refused.class);
        for (CompletableFuture<Integer> each : heard) {
            assertThat(each.get(10, TimeUnit.SECONDS))
                    .as("the connection was made and closed, without a byte")
                    .isEqualTo(-1);
        }
    }

    @Test
    void a_vendor_that_hangs_up_in_the_middle_of_the_request_may_have_taken_a_fee() throws IOException {
        ServerSocket server = server(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
            socket.close();
        });

        OpenOutcome outcome =
                get(at("http://localhost:" + server.getLocalPort(), TRUSTED).open(ORDER));

        assertThat(outcome).isInstanceOf(OpenOutcome.Unknown.class);
        assertThat(connections).as("no second attempt").hasValue(1);
    }

    @Test
    void a_second_attempt_to_connect_may_succeed() {
        AtomicInteger attempts = new AtomicInteger();
        Jumdata.Fresh lateVendor = inits(form -> Uni.createFrom().deferred(() -> {
            if (attempts.incrementAndGet() == 2) {
                try {
                    closed(new StubVendor(Detour.PORT, json(GOOD)));
                } catch (IOException e) {
                    return Uni.createFrom().failure(e);
                }
            }
            return fresh.init(form);
        }));

        assertThat(get(CONFIG.jumdata(lateVendor, kept).open(ORDER))).isInstanceOf(OpenOutcome.Accepted.class);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void whether_it_was_sent_decides_and_not_the_exception() throws IOException {
        Uni<Response> broken = Uni.createFrom().failure(new OutOfMemoryError("made up"));
        Jumdata.Fresh failsBefore = inits(form -> broken);
        Jumdata.Fresh failsAfter = inits(
                form -> fresh.init(form).chain(answer -> Uni.createFrom().failure(new ConnectException("made up"))));

        assertThat(get(CONFIG.jumdata(failsBefore, form -> broken).open(ORDER)))
                .isInstanceOf(OpenOutcome.Refused.class);
        closed(new StubVendor(Detour.PORT, json(GOOD)));
        assertThat(get(CONFIG.jumdata(failsAfter, form -> broken).open(ORDER))).isInstanceOf(OpenOutcome.Unknown.class);
    }

    /** A name server on loopback that knows no name, and does not answer for names with {@code silent} in them. */
    private static final class StubNameServer implements AutoCloseable {

        private final DatagramSocket socket;
        private final AtomicInteger questions = new AtomicInteger();

        StubNameServer(int port) {
            try {
                socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread thread = new Thread(this::serve, "stub name server");
            thread.setDaemon(true);
            thread.start();
        }

        int questions() {
            return questions.get();
        }

        private void serve() {
            byte[] buffer = new byte[1500];
            try {
                while (true) {
                    DatagramPacket message = new DatagramPacket(buffer, buffer.length);
                    socket.receive(message);
                    questions.incrementAndGet();
                    if (!new String(buffer, 0, message.getLength(), ISO_8859_1).contains("silent")) {
                        buffer[2] |= (byte) 0x80; // an answer …
                        buffer[3] = (byte) 0x83; // … of NXDOMAIN (RFC 1035, 4.1.1)
                        socket.send(message);
                    }
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
