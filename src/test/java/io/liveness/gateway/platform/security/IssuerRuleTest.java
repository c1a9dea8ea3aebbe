package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerRuleTest {

    private static final String SERVER = "quarkus.oidc.auth-server-url";
    private static final String AUDIENCE = "quarkus.oidc.token.audience";
    private static final Map<String, String> OF_A_SERVER = Map.of(SERVER, "https://id.example", AUDIENCE, "gateway");

    @Test
    void an_audience_is_required_with_a_key_and_with_an_issuer() {
        refused(AUDIENCE, Map.of("quarkus.oidc.public-key", "MIIB", "quarkus.oidc.token.issuer", "https://id.example"));
        refused(AUDIENCE, Map.of(SERVER, "https://id.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "gateway,other", "any"})
    void one_audience_some_or_expressly_any_is_accepted(String audience) {
        assertThatNoException().isThrownBy(() -> start(Map.of(SERVER, "https://id.example", AUDIENCE, audience)));
    }

    @Test
    void any_beside_an_audience_is_refused_since_it_would_be_taken_for_a_name() {
        refused(AUDIENCE, Map.of(SERVER, "https://id.example", AUDIENCE, "gateway,any"));
    }

    @Test
    void no_audience_is_needed_when_no_token_is_accepted() {
        assertThatNoException().isThrownBy(() -> start(Map.of()));
    }

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
        assertThatNoException().isThrownBy(() -> start(with(SERVER, address)));
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
        refused(SERVER, with(SERVER, address));
    }

    @Test
    void the_addresses_of_keys_and_of_the_discovery_are_held_to_the_same_and_paths_are_not() {
        assertThatNoException().isThrownBy(() -> start(with("quarkus.oidc.discovery-path", "/.well-known/other")));
        assertThatNoException().isThrownBy(() -> start(with("quarkus.oidc.jwks-path", "keys")));
        refused("quarkus.oidc.discovery-path", with("quarkus.oidc.discovery-path", "http://id.example/discovery"));
        refused("quarkus.oidc.jwks-path", with("quarkus.oidc.jwks-path", "http://id.example/keys"));
    }

    private static Map<String, String> with(String property, String value) {
        Map<String, String> all = new HashMap<>(OF_A_SERVER);
        all.put(property, value);
        return all;
    }

    private static void refused(String property, Map<String, String> given) {
        assertThatIllegalArgumentException().isThrownBy(() -> start(given)).withMessageContaining(property);
    }

    private static void start(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("quarkus.oidc.token.forced-jwk-refresh-interval", "10s");
        var configuration = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 0))
                .withConverter(Duration.class, 0, new DurationConverter())
                .withMapping(IssuerKeys.IssuerSettings.class)
                .build();
        new IssuerRule(configuration, configuration.getConfigMapping(IssuerKeys.IssuerSettings.class));
    }
}
