package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.RecordingIssuer;
import io.liveness.gateway.testsupport.load.GatewayMetrics;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An issuer that answers, but publishes no key to verify tokens. */
class IssuerWithoutKeysIT {

    private static final Duration TO_LISTEN = Duration.ofSeconds(60);

    @Test
    void a_gateway_is_ready_only_when_the_issuer_publishes_a_key() throws IOException {
        SandboxKeys keys = SandboxKeys.generate();
        try (RecordingIssuer issuer = RecordingIssuer.start(keys);
                Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            issuer.publishNothing();
            GatewayProcess gateway = around.launch(around.environment()
                    .without("quarkus.oidc.public-key")
                    .without("quarkus.oidc.token.issuer")
                    .with("quarkus.oidc.auth-server-url", issuer.url()));
            GatewayMetrics metrics = new GatewayMetrics(gateway);
            Patience.await("the gateway to listen", TO_LISTEN).until(gateway::isLive);
            Patience.await("the keys to be asked for", TO_LISTEN)
                    .until(() -> issuer.calls().contains("/keys"));
            assertThat(gateway.isReady()).isFalse();
            assertThat(metrics.knowsIssuerKeys()).isFalse();

            issuer.publish("first", keys);

            gateway.awaitReady();
            assertThat(metrics.knowsIssuerKeys()).isTrue();
        }
    }
}
