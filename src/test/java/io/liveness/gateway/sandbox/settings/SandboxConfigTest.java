package io.liveness.gateway.sandbox.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxServer;
import io.smallrye.config.PropertiesConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxConfigTest {

    @Test
    void nothing_configured_is_the_defaults() {
        assertThat(settings(Map.of())).isEqualTo(SandboxSettings.defaults());
    }

    @Test
    void credentials_and_token_life_are_the_gateway_s_unless_set_apart() {
        Map<String, String> gateway =
                Map.of("jumdata.app-id", "app", "jumdata.app-secret", "secret", "jumdata.token-lifetime", "10m");

        assertThat(settings(gateway))
                .isEqualTo(SandboxSettings.defaults()
                        .withAccount("app", "secret")
                        .withTokenLifetime(Duration.ofMinutes(10)));
        assertThat(settings(Map.of("jumdata.app-secret", "secret", "sandbox.app-secret", "another"))
                        .account()
                        .appSecret())
                .isEqualTo("another");
    }

    private static SandboxSettings settings(Map<String, String> properties) {
        return SandboxConfig.settings(SandboxServer.config(new PropertiesConfigSource(properties, "test", 500)));
    }
}
