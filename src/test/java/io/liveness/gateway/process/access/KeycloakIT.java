package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.liveness.gateway.testsupport.process.Keycloak;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callers authenticate by client credentials of a real Keycloak: audience and roles by its mappers, keys as it publishes them. */
@Tag("long")
class KeycloakIT {

    private static final Duration TO_LISTEN = Duration.ofSeconds(60);
    private static final Duration KEYS_CHANGE = Duration.ofSeconds(30);
    private static final Duration AWAY = Duration.ofSeconds(60);

    private static Keycloak keycloak;

    private final HttpClient http = HttpClient.newHttpClient();
    private Surroundings around;

    @BeforeAll
    static void startKeycloak() {
        keycloak = Keycloak.start();
    }

    @AfterAll
    static void endKeycloak() {
        keycloak.close();
    }

    @BeforeEach
    void surround() {
        around = new Surroundings(SandboxSettings.defaults());
    }

    @AfterEach
    void end() {
        keycloak.network().recover();
        around.close();
    }

    @Test
    void a_client_with_the_role_opens_sessions_and_others_do_not() {
        GatewayProcess gateway = around.start(environment());

        assertThat(open(gateway, keycloak.accessToken("shop")))
                .as(gateway.tail())
                .isEqualTo(201);
        assertThat(open(gateway, keycloak.accessToken("without-roles"))).isEqualTo(403);
        assertThat(open(gateway, keycloak.accessToken("of-another-service"))).isEqualTo(401);
    }

    @Test
    void a_new_key_is_accepted_and_a_revoked_one_is_not_without_a_restart() {
        GatewayProcess gateway = around.start(environment());
        String before = keycloak.accessToken("shop");
        assertThat(list(gateway, before)).as(gateway.tail()).isEqualTo(200);

        keycloak.addKey();

        String after = keycloak.accessToken("shop");
        Patience.await("the new key to be fetched", KEYS_CHANGE).until(() -> list(gateway, after) == 200);
        assertThat(list(gateway, before)).as("the old key is published still").isEqualTo(200);

        keycloak.revokeOldKeys();

        Patience.await("the old key to end", KEYS_CHANGE).until(() -> list(gateway, before) == 401);
        assertThat(list(gateway, after)).isEqualTo(200);
    }

    @Test
    void tokens_of_known_keys_are_accepted_while_the_issuer_is_away_for_a_minute() {
        GatewayProcess gateway = around.start(environment());
        String token = keycloak.accessToken("shop");
        assertThat(list(gateway, token)).as(gateway.tail()).isEqualTo(200);

        keycloak.network().swallow();

        Patience.await("a minute without the issuer", AWAY.plusSeconds(1))
                .during(AWAY)
                .until(() -> list(gateway, token) == 200);
        keycloak.network().recover();
        keycloak.addKey();
        String after = keycloak.accessToken("shop");
        Patience.await("keys to be fetched again", KEYS_CHANGE).until(() -> list(gateway, after) == 200);
    }

    @Test
    void a_gateway_that_starts_while_the_issuer_is_away_is_ready_when_it_is_back() {
        String token = keycloak.accessToken("shop");
        keycloak.network().swallow();

        // So seldom that it is not what gets the first keys.
        GatewayProcess gateway = around.launch(environment().with("liveness.issuer.refresh-keys-every", "5m"));
        Patience.await("the gateway to listen", TO_LISTEN).until(gateway::isLive);
        assertThat(list(gateway, token)).as(gateway.tail()).isEqualTo(503);
        assertThat(gateway.isReady()).isFalse();
        keycloak.network().recover();

        gateway.awaitReady();
        assertThat(list(gateway, token)).as(gateway.tail()).isEqualTo(200);
    }

    private GatewayEnvironment environment() {
        return around.environment()
                .without("quarkus.oidc.public-key")
                .without("quarkus.oidc.token.issuer")
                .with("quarkus.oidc.auth-server-url", keycloak.issuer())
                .with("quarkus.oidc.token.audience", "liveness-gateway")
                .with("quarkus.oidc.token.forced-jwk-refresh-interval", "1s")
                .with("liveness.issuer.refresh-keys-every", "2s")
                .with("liveness.issuer.timeout", "2s");
    }

    private int list(GatewayProcess gateway, String token) {
        return status(request(gateway, token).GET());
    }

    private int open(GatewayProcess gateway, String token) {
        return status(request(gateway, token)
                .header("Idempotency-Key", "order-1")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"returnUrl\":\"https://shop.example/done\"}")));
    }

    private HttpRequest.Builder request(GatewayProcess gateway, String token) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/liveness-sessions"))
                .timeout(Duration.ofSeconds(20))
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
