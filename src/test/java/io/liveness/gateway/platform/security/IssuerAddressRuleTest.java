package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerAddressRuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://id.example/realms/company",
                "HTTPS://id.example",
                "http://localhost:8180/realms/company",
                "http://127.0.0.1:8180",
                "http://127.8.8.8",
                "http://[::1]:8180",
            })
    void https_and_loopback_are_accepted(String address) {
        assertThatNoException().isThrownBy(() -> rule(address, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example/realms/company",
                "http://localhost.example",
                "http://127.0.0.1.example",
                "http://1270.0.0.1",
                "http://10.0.0.1",
                "http://[::2]",
                "http://localhost@id.example",
                "ftp://localhost",
                "id.example",
                "https:id.example",
                "http://a b",
            })
    void anything_else_stops_the_start(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule(address, null, null))
                .withMessageContaining("quarkus.oidc.auth-server-url");
    }

    @Test
    void the_addresses_of_keys_and_of_the_discovery_are_held_to_the_same_and_paths_are_not() {
        assertThatNoException().isThrownBy(() -> rule("https://id.example", "/.well-known/other", "keys"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule("https://id.example", "http://id.example/discovery", null))
                .withMessageContaining("quarkus.oidc.discovery-path");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule("https://id.example", null, "http://id.example/keys"))
                .withMessageContaining("quarkus.oidc.jwks-path");
    }

    private static void rule(String server, String discovery, String keys) {
        new IssuerAddressRule(Optional.ofNullable(server), Optional.ofNullable(discovery), Optional.ofNullable(keys));
    }
}
