package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.liveness.gateway.sandbox.issuer.TokenIssuer;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.RecordingIssuer;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gateway asks the issuer for its keys, never about a token: otherwise any client could cause calls to it. */
class OpaqueTokenIT {

    @Test
    void a_token_that_is_no_jwt_answers_401_and_makes_no_call_to_the_issuer() throws Exception {
        SandboxKeys keys = SandboxKeys.generate();
        try (RecordingIssuer issuer = RecordingIssuer.start(keys);
                Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment()
                    .without("quarkus.oidc.public-key")
                    .without("quarkus.oidc.token.issuer")
                    .with("quarkus.oidc.auth-server-url", issuer.url())
                    .with("quarkus.oidc.client-id", "liveness-gateway")
                    .with("quarkus.oidc.token.forced-jwk-refresh-interval", "PT0.001S"));
            String right = new TokenIssuer(keys, issuer.url()).issue("shop", Set.of("liveness"), Duration.ofHours(1));
            assertThat(statusWith(gateway, right)).as(gateway.tail()).isEqualTo(200);
            // At the start, and by the refresh that runs soon after it.
            await().atMost(Duration.ofSeconds(30)).until(() -> Collections.frequency(issuer.calls(), "/keys") >= 2);
            List<String> before = issuer.calls();

            for (String opaque : List.of("opaque", "b0b1c2d3e4f5", "a.b", "a.b.c.d", "..")) {
                assertThat(statusWith(gateway, opaque)).as(opaque).isEqualTo(401);
            }

            assertThat(issuer.calls())
                    .isEqualTo(before)
                    .allMatch(path -> path.matches(".*/(openid-configuration|keys)"));
        }
    }

    private static int statusWith(GatewayProcess gateway, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/liveness-sessions"))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
