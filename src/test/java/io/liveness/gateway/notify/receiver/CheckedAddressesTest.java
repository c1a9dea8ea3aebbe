package io.liveness.gateway.notify.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.notify.receiver.Receivers.ReceiverAnswer;
import io.liveness.gateway.testsupport.http.ConnectProxy;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.testsupport.http.TlsKeys;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A receiver is called by TLS at addresses that were checked, and only with the certificate of its name. The names
 * resolve to nothing but in the test.
 */
class CheckedAddressesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HOST = "hooks.receiver.test";
    private static final TlsKeys KEYS = TlsKeys.inTemporaryDirectory();
    private static final String TRUSTED = "trusted";
    private static final String OF_ANOTHER_HOST = "other-host";
    private static final String UNKNOWN = "unknown";

    private final Vertx vertx = Vertx.vertx();
    private final List<String> serverNames = new CopyOnWriteArrayList<>();
    private ReceiversFixture fixture;
    private StubVendor receiver;

    @BeforeAll
    static void makeKeys() {
        KEYS.make(TRUSTED, HOST);
        KEYS.make(OF_ANOTHER_HOST, "other.receiver.test");
        KEYS.make(UNKNOWN, HOST);
    }

    @BeforeEach
    void begin() throws IOException {
        serve(TRUSTED);
    }

    /** Allows the receiver, and its loopback address alone. */
    private void serve(String key) throws IOException {
        if (receiver != null) {
            receiver.close();
        }
        receiver = new StubVendor(KEYS.server(key).getServerSocketFactory().createServerSocket(), 0, socket -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
            session.getRequestedServerNames().stream()
                    .map(SNIServerName::getEncoded)
                    .map(String::new)
                    .forEach(serverNames::add);
            StubVendor.http(200, "", "").answer(socket);
        });
        fixture = new ReceiversFixture()
                .allow(HOST + ":" + receiver.port(), "127.0.0.1/32")
                .resolve(HOST, "127.0.0.1")
                .trust(options -> options.setTrustOptions(new PemTrustOptions()
                        .addCertPath(KEYS.certificate(TRUSTED).toString())
                        .addCertPath(KEYS.certificate(OF_ANOTHER_HOST).toString())));
    }

    @AfterEach
    void end() {
        receiver.close();
        vertx.close();
    }

    @Test
    void a_proxy_is_asked_for_the_address_that_was_checked_and_sees_only_tls() {
        try (ConnectProxy proxy = new ConnectProxy(receiver.port())) {
            fixture.through(new ProxyOptions().setHost("localhost").setPort(proxy.port()));

            assertThat(post(fixture.receivers(vertx)).httpStatus()).hasValue(200);

            assertThat(proxy.asked()).containsExactly("CONNECT 127.0.0.1:" + receiver.port());
            assertThat(serverNames).containsExactly(HOST);
        }
    }

    @Test
    void the_name_stays_in_the_handshake_and_in_the_request_although_an_address_is_called() {
        assertThat(post(fixture.receivers(vertx)).httpStatus()).hasValue(200);
        assertThat(serverNames).containsExactly(HOST);
        assertThat(receiver.requests().get(0).head()).contains("host: " + HOST + ":" + receiver.port());
        assertThat(fixture.asked()).containsExactly(HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {OF_ANOTHER_HOST, UNKNOWN})
    void a_wrong_certificate_is_refused_and_the_receiver_sees_no_request(String key) throws IOException {
        serve(key);

        assertThat(post(fixture.receivers(vertx)).error()).contains("TLS handshake failed");
        assertThat(receiver.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2", "169.254.169.254", "::1"})
    void a_name_with_an_address_that_is_not_allowed_is_not_called(String address) {
        fixture.resolve(HOST, address);
        assertThat(post(fixture.receivers(vertx)).error()).contains("address is not allowed");

        fixture.resolve(HOST, "127.0.0.1", address);
        assertThat(post(fixture.receivers(vertx)).error()).contains("address is not allowed");
        assertThat(receiver.connections()).isZero();
    }

    /** The receiver listens at 127.0.0.1, which is allowed, and an internal service at the same port of 127.0.0.2, which is not. */
    @Test
    void a_name_that_resolves_differently_the_second_time_gains_nothing() throws IOException {
        try (StubVendor internal =
                new StubVendor(new BoundTo("127.0.0.2"), receiver.port(), StubVendor.http(200, "", ""))) {
            Receivers receivers = fixture.receivers(vertx);
            fixture.resolveOnce(HOST, "127.0.0.1").resolve(HOST, "127.0.0.2");

            assertThat(post(receivers).httpStatus()).hasValue(200);
            assertThat(fixture.asked()).as("look-ups of one attempt").hasSize(1);
            assertThat(post(receivers).error()).contains("address is not allowed");
            assertThat(internal.connections()).isZero();
        }
    }

    @Test
    void a_connection_that_is_kept_is_not_used_for_another_address_of_the_name() throws IOException {
        try (StubVendor moved = new StubVendor(
                new BoundTo("127.0.0.2") {
                    @Override
                    public Socket accept() throws IOException {
                        Socket socket = super.accept();
                        socket.close();
                        return socket;
                    }
                },
                receiver.port(),
                StubVendor.silence())) {
            Receivers receivers = fixture.allow("127.0.0.2/32").receivers(vertx);

            assertThat(post(receivers).httpStatus()).hasValue(200);
            fixture.resolve(HOST, "127.0.0.2");
            assertThat(post(receivers).error()).contains("TLS handshake failed");

            assertThat(receiver.requests()).hasSize(1);
            assertThat(moved.connections()).isEqualTo(1);
        }
    }

    private ReceiverAnswer post(Receivers receivers) {
        return post(receivers, receiver.port());
    }

    private static ReceiverAnswer post(Receivers receivers, int port) {
        return receivers
                .post(
                        ReceiverUrl.parse("https://" + HOST + ":" + port + "/").orElseThrow(),
                        Map.of(),
                        Buffer.buffer("{}"))
                .await()
                .atMost(PATIENCE);
    }

    /** Listens at another address than asked for. */
    private static class BoundTo extends ServerSocket {

        private final String address;

        BoundTo(String address) throws IOException {
            this.address = address;
        }

        @Override
        public void bind(SocketAddress endpoint) throws IOException {
            super.bind(new InetSocketAddress(address, ((InetSocketAddress) endpoint).getPort()));
        }
    }
}
