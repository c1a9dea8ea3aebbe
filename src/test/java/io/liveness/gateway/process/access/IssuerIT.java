package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.RecordingIssuer;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Callers authenticate by the token that Kubernetes projects into their pods: a list of audiences, the service account as subject,
 * no {@code azp}, no groups. The keys are those that the issuer publishes; they change, and the issuer is away, while the gateway runs.
 * It is asked for its keys, never about a token: otherwise any client could cause calls to it.
 */
class IssuerIT {

    private static final String ORDERS = "system:serviceaccount:shop:orders";
    private static final String FINANCE = "system:serviceaccount:books:reader";
    private static final String GATEWAY = "liveness-gateway";
    private static final Duration KEYS_CHANGE = Duration.ofSeconds(30);
    private static final Duration TO_LISTEN = Duration.ofSeconds(60);
    private static final Duration AWAY = Duration.ofSeconds(5);

    private static final SandboxKeys first = SandboxKeys.generate();
    private static final SandboxKeys second = SandboxKeys.generate();
    private static final HttpClient http = HttpClient.newHttpClient();
    private static RecordingIssuer issuer;
    private static Surroundings around;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws IOException {
        issuer = new RecordingIssuer(first);
        issuer.publish("first", first);
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(environment().with("liveness.issuer.refresh-keys-every", "2s"));
    }

    private static GatewayEnvironment environment() {
        return around.environment()
                .without("quarkus.oidc.public-key")
                .without("quarkus.oidc.token.issuer")
                .with("quarkus.oidc.auth-server-url", issuer.url())
                .with("quarkus.oidc.client-id", GATEWAY)
                .with("quarkus.oidc.token.audience", GATEWAY)
                .with("quarkus.oidc.token.forced-jwk-refresh-interval", "1s")
                .with("liveness.issuer.timeout", "2s")
                .with("liveness.tokens.caller-claim", "sub")
                .with("liveness.roles", ORDERS + "=liveness," + FINANCE + "=finance");
    }

    @AfterAll
    static void end() {
        around.close();
        issuer.close();
    }

    @BeforeEach
    void the_first_key_is_published() {
        issuer.comeBack();
        issuer.publish("first", first);
        String token = token(ORDERS, "first", first, GATEWAY);
        Patience.await("the first key to be fetched", KEYS_CHANGE).until(() -> list(token) == 200);
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
        int before = issuer.calls().size();
        for (int i = 0; i < 200; i++) {
            assertThat(list(token(ORDERS, "made-up-" + i, second, GATEWAY))).isEqualTo(401);
        }
        long seconds = Duration.between(begin, Instant.now()).toSeconds() + 1;

        long fetches =
                issuer.calls().stream().skip(before).filter("/keys"::equals).count();
        assertThat(fetches).as("fetches within %d s", seconds).isLessThanOrEqualTo(seconds * 3 / 2 + 2);
    }

    @Test
    void a_token_that_is_no_jwt_answers_401_and_the_issuer_is_not_asked_about_it() {
        for (String opaque : List.of("opaque", "b0b1c2d3e4f5", "a.b", "a.b.c.d", "..")) {
            assertThat(list(opaque)).as(opaque).isEqualTo(401);
        }

        assertThat(issuer.calls()).isNotEmpty().allMatch(path -> path.matches(".*/(openid-configuration|keys)"));
    }

    @Test
    void tokens_of_known_keys_are_accepted_while_the_issuer_is_away() {
        String token = token(ORDERS, "first", first, GATEWAY);
        issuer.goAway();

        Patience.await("some time without the issuer", AWAY.plusSeconds(5))
                .during(AWAY)
                .until(() -> list(token) == 200);

        issuer.comeBack();
        issuer.publish("second", second);
        String after = token(ORDERS, "second", second, GATEWAY);
        Patience.await("keys to be fetched again", KEYS_CHANGE).until(() -> list(after) == 200);
    }

    @Test
    void a_gateway_is_ready_only_when_the_issuer_is_there_and_publishes_a_key() {
        String token = token(ORDERS, "first", first, GATEWAY);
        issuer.goAway();
        // The first keys do not come by a refresh that is this seldom.
        GatewayProcess another = around.launch(environment().with("liveness.issuer.refresh-keys-every", "5m"));
        Patience.await("the gateway to listen", TO_LISTEN).until(another::isLive);
        assertThat(list(another, token)).as(another.tail()).isEqualTo(503);
        assertThat(another.isReady()).isFalse();

        int before = issuer.calls().size();
        issuer.publishNothing();
        issuer.comeBack();
        Patience.await("the keys to be asked for", TO_LISTEN)
                .until(() -> Collections.frequency(
                                issuer.calls().subList(before, issuer.calls().size()), "/keys")
                        > 3);
        assertThat(another.isReady()).isFalse();
        assertThat(another.metric("liveness_issuer_keys_known")).isZero();

        issuer.publish("first", first);
        another.awaitReady();
        assertThat(another.metric("liveness_issuer_keys_known")).isEqualTo(1);
        assertThat(list(another, token)).isEqualTo(200);
        another.kill();
    }

    private static String token(String account, String keyId, SandboxKeys keys, String audience) {
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

    private static int list(String token) {
        return list(gateway, token);
    }

    private static int list(GatewayProcess asked, String token) {
        return status(request(asked, token).GET());
    }

    private static int open(String token, String key) {
        return status(request(gateway, token)
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"returnUrl\":\"https://shop.example/done\"}")));
    }

    private static HttpRequest.Builder request(GatewayProcess asked, String token) {
        return HttpRequest.newBuilder(URI.create(asked.url() + "/v1/liveness-sessions"))
                .header("Authorization", "Bearer " + token);
    }

    private static int status(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
