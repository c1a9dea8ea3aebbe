package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.http.TlsKeys;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API by TLS alone, as k8s/components/tls has it: the limits of connections hold behind the handshake, and before it. */
class TlsToCallersIT {

    private static final int TO_BE_CUT_MILLIS = 25_000;
    private static final String HEAD = "GET /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\n";

    private static final TlsKeys KEYS = TlsKeys.inTemporaryDirectory();
    private static final int PORT = FreePort.find();
    private static Surroundings around;
    private static GatewayProcess gateway;
    private static SSLContext trust;

    @BeforeAll
    static void start() throws GeneralSecurityException {
        KEYS.make("api", "localhost");
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(KEYS.trusting("api"));
        trust = SSLContext.getInstance("TLS");
        trust.init(null, trusted.getTrustManagers(), null);
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment()
                .with("quarkus.http.tls-configuration-name", "api")
                .with("quarkus.http.insecure-requests", "disabled")
                .with("quarkus.http.ssl-port", Integer.toString(PORT))
                .with(
                        "quarkus.tls.\"api\".key-store.pem.\"0\".cert",
                        KEYS.certificate("api").toString())
                .with(
                        "quarkus.tls.\"api\".key-store.pem.\"0\".key",
                        KEYS.key("api").toString()));
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    void requests_with_and_without_a_body_are_answered() throws Exception {
        HttpClient caller = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + PORT + "/v1/liveness-sessions"))
                .header("Authorization", "Bearer " + around.callers().accessToken());

        assertThat(caller.send(request.GET().build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        HttpRequest large = request.POST(HttpRequest.BodyPublishers.ofString("{\"title\":\"" + "x".repeat(100_000)))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "tls")
                .build();
        assertThat(caller.send(large, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(400);
        assertThat(gateway.metric("liveness_connections_share")).isPositive();
    }

    @Test
    void who_begins_no_handshake_is_cut() throws IOException {
        try (Socket silent = new Socket("localhost", PORT)) {
            assertIsCut(silent);
        }
    }

    @Test
    void who_ends_no_head_is_cut() throws IOException {
        try (Socket slow = trust.getSocketFactory().createSocket("localhost", PORT)) {
            slow.getOutputStream().write(HEAD.getBytes(StandardCharsets.ISO_8859_1));
            assertIsCut(slow);
        }
    }

    /** The connection is cut before its idle timeout. */
    private static void assertIsCut(Socket connection) throws IOException {
        connection.setSoTimeout(TO_BE_CUT_MILLIS);
        int read;
        try {
            read = connection.getInputStream().read();
        } catch (SocketException reset) {
            read = -1;
        }
        assertThat(read).isEqualTo(-1);
    }
}
