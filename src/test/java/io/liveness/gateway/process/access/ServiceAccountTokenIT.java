package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.RecordingIssuer;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Callers authenticate by the token that Kubernetes projects into their pods: a list of audiences, the service account as subject,
 * no {@code azp}, no groups. The keys are those that the cluster's issuer publishes, and they change while the gateway runs.
 */
class ServiceAccountTokenIT {

    private static final String ORDERS = "system:serviceaccount:shop:orders";
    private static final String FINANCE = "system:serviceaccount:books:reader";
    private static final String GATEWAY = "liveness-gateway";
    private static final Duration KEYS_CHANGE = Duration.ofSeconds(30);

    private final SandboxKeys first = SandboxKeys.generate();
    private final SandboxKeys second = SandboxKeys.generate();
    private final HttpClient http = HttpClient.newHttpClient();
    private RecordingIssuer issuer;
    private Surroundings around;
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws IOException {
        issuer = RecordingIssuer.start(first);
        issuer.publish("first", first);
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment()
                .without("quarkus.oidc.public-key")
                .without("quarkus.oidc.token.issuer")
                .with("quarkus.oidc.auth-server-url", issuer.url())
                .with("quarkus.oidc.token.audience", GATEWAY)
                .with("quarkus.oidc.token.forced-jwk-refresh-interval", "1s")
                .with("liveness.issuer.refresh-keys-every", "2s")
                .with("liveness.roles", ORDERS + "=liveness," + FINANCE + "=finance"));
    }

    @AfterEach
    void end() {
        around.close();
        issuer.close();
    }

    @Test
    void a_service_account_has_the_roles_that_the_configuration_gives_it() {
        assertThat(open(token(ORDERS, "first", first, GATEWAY), "order-1"))
                .as(gateway.tail())
                .isEqualTo(201);
        assertThat(open(token(FINANCE, "first", first, GATEWAY), "order-2")).isEqualTo(403);
        assertThat(open(token("system:serviceaccount:shop:other", "first", first, GATEWAY), "order-3"))
                .isEqualTo(403);
    }

    @Test
    void a_token_that_the_cluster_issued_for_another_service_is_refused() {
        assertThat(list(token(ORDERS, "first", first, "https://kubernetes.default.svc")))
                .isEqualTo(401);
    }

    @Test
    void a_new_key_is_fetched_and_the_old_one_ends_without_a_restart() {
        String before = token(ORDERS, "first", first, GATEWAY);
        assertThat(list(before)).as(gateway.tail()).isEqualTo(200);

        issuer.publish("second", second);

        String after = token(ORDERS, "second", second, GATEWAY);
        Patience.await("the new key to be fetched", KEYS_CHANGE).until(() -> list(after) == 200);
        assertThat(list(before)).isEqualTo(401);
    }

    @Test
    void a_key_that_is_withdrawn_ends_even_when_no_token_of_a_new_one_comes() {
        String token = token(ORDERS, "first", first, GATEWAY);
        assertThat(list(token)).as(gateway.tail()).isEqualTo(200);

        issuer.publish("second", second);

        Patience.await("the old key to end", KEYS_CHANGE).until(() -> list(token) == 401);
    }

    @Test
    void tokens_of_keys_that_do_not_exist_have_the_issuer_called_no_more_often_than_configured() {
        Instant begin = Instant.now();
        for (int i = 0; i < 200; i++) {
            assertThat(list(token(ORDERS, "made-up-" + i, second, GATEWAY))).isEqualTo(401);
        }
        long seconds = Duration.between(begin, Instant.now()).toSeconds() + 1;

        long fetches = issuer.calls().stream().filter("/keys"::equals).count();
        assertThat(fetches).as("fetches within %d s", seconds).isLessThanOrEqualTo(seconds + 2);
    }

    private String token(String account, String keyId, SandboxKeys keys, String audience) {
        Instant now = Instant.now();
        String[] names = account.split(":");
        return Jwt.issuer(issuer.url())
                .subject(account)
                .audience(Set.of(audience, "vault"))
                .claim(
                        "kubernetes.io",
                        Map.of(
                                "namespace", names[2],
                                "pod", Map.of("name", names[3] + "-7d4b9", "uid", "5c3e4f0e"),
                                "serviceaccount", Map.of("name", names[3], "uid", "0a5b6c7d")))
                .issuedAt(now)
                .expiresAt(now.plus(Duration.ofHours(1)))
                .jws()
                .keyId(keyId)
                .algorithm(SignatureAlgorithm.RS256)
                .sign(keys.signingKey());
    }

    private int list(String token) {
        return status(request(token).GET());
    }

    private int open(String token, String key) {
        return status(request(token)
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"returnUrl\":\"https://shop.example/done\"}")));
    }

    private HttpRequest.Builder request(String token) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/liveness-sessions"))
                .header("Authorization", "Bearer " + token);
    }

    private int status(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
