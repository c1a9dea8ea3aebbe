package io.liveness.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleRuleTest {

    private static final String SECRET = "cookies-in-tests-are-sealed-with-this";

    private record Given(Optional<String> clientId, Optional<String> clientSecret, Optional<String> cookieSecret)
            implements ConsoleRule.ConsoleSettings {}

    @Test
    void it_is_off_until_it_is_configured() {
        assertThat(rule(null, null, null, "https://id.example").isOn()).isFalse();
        assertThat(rule("", " ", null, null).isOn()).isFalse();
        assertThat(rule("console", "secret", SECRET, "https://id.example").isOn())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        ", secret, cookies-in-tests-are-sealed-with-this, https://id.example, liveness.console.client-id",
        "console, , cookies-in-tests-are-sealed-with-this, https://id.example, liveness.console.client-secret",
        "console, secret, , https://id.example, liveness.console.cookie-secret",
        "console, secret, cookies-in-tests-are-sealed-with-this, , quarkus.oidc.auth-server-url",
        "console, secret, too-short, https://id.example, liveness.console.cookie-secret",
    })
    void missing_properties_are_named(
            String clientId, String clientSecret, String cookieSecret, String issuer, String named) {
        assertThatThrownBy(() -> rule(clientId, clientSecret, cookieSecret, issuer))
                .hasMessageStartingWith(named)
                .message()
                .doesNotContain("too-short");
    }

    private static ConsoleRule rule(String clientId, String clientSecret, String cookieSecret, String issuer) {
        return new ConsoleRule(
                new Given(
                        Optional.ofNullable(clientId),
                        Optional.ofNullable(clientSecret),
                        Optional.ofNullable(cookieSecret)),
                Optional.ofNullable(issuer));
    }
}
