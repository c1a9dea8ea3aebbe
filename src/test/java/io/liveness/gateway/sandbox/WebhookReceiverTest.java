package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the receiver is told, and what it makes of a webhook that nobody signed. */
class WebhookReceiverTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    @Test
    void a_secret_is_learnt() {
        try (SandboxCaller caller = new SandboxCaller()) {
            assertThat(learnt(caller, SECRET)).isEqualTo(204);
            assertThat(received(caller)).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 21})
    void a_secret_that_is_cut_is_refused_and_breaks_nothing(int lacking) {
        try (SandboxCaller caller = new SandboxCaller()) {
            assertThat(learnt(caller, SECRET.substring(0, SECRET.length() - lacking)))
                    .isEqualTo(400);
            assertThat(received(caller)).isEqualTo(401);
        }
    }

    private static int learnt(SandboxCaller caller, String secret) {
        return caller.postJson(
                        WebhookReceiver.PATH + "/secrets",
                        new JsonObject().put("secret", secret).encode())
                .statusCode();
    }

    private static int received(SandboxCaller caller) {
        return caller.postJson(WebhookReceiver.PATH, "{}").statusCode();
    }
}
