package io.liveness.gateway.sandbox.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxServer;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sandbox on a separate port issues access tokens and publishes the key behind them. */
class IssuerApiTest {

    private final SandboxServer server = SandboxServer.start(
            SandboxServer.config(new PropertiesConfigSource(Map.of("sandbox.port", "0"), "test", 500)));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_token_is_verified_by_the_key_that_the_configuration_leads_to() throws Exception {
        JsonObject configuration = get(server.url() + "/.well-known/openid-configuration");
        JsonObject key =
                get(configuration.getString("jwks_uri")).getJsonArray("keys").getJsonObject(0);
        String[] token =
                post(server.url() + "/sandbox/tokens").getString("accessToken").split("\\.");

        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(publicKey(key));
        signature.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));

        assertThat(signature.verify(decode(token[2]))).isTrue();
        assertThat(new JsonObject(new String(decode(token[1]), StandardCharsets.UTF_8)).getString("iss"))
                .isEqualTo(configuration.getString("issuer"));
    }

    private static PublicKey publicKey(JsonObject key) throws Exception {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        new BigInteger(1, decode(key.getString("n"))), new BigInteger(1, decode(key.getString("e")))));
    }

    private static byte[] decode(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static JsonObject get(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private static JsonObject post(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static JsonObject send(HttpRequest.Builder request) throws Exception {
        return new JsonObject(HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }
}
