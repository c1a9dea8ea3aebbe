package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.oidc.common.OidcRequestContextProperties;
import io.quarkus.oidc.common.OidcResponseFilter.OidcResponseFilterContext;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerKeysTest {

    private static final String EC =
            "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
                    + "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IssuerKeys keys = new IssuerKeys(registry, Optional.of("https://id.example"), false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":[{" + EC + "}]}",
                "{\"keys\":[{\"use\":\"sig\"," + EC + "}]}",
                "{\"keys\":[{\"kty\":\"of tomorrow\"},{\"use\":\"enc\"," + EC + "},{\"use\":\"sig\"," + EC + "}]}"
            })
    void a_set_with_a_key_of_signatures_is_known(String set) {
        answer(200, set);

        assertThat(keys.areKnown()).isTrue();
        assertThat(gauge()).isEqualTo(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"keys\":\"none\"}",
                "{\"keys\":[\"none\"]}",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"kty\":\"of tomorrow\"}]}",
                "{\"keys\":[{\"kty\":\"EC\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ\"}]}",
                "{\"keys\":[{\"use\":\"enc\"," + EC + "}]}",
                "<html>Please log in</html>"
            })
    void an_answer_without_a_key_of_signatures_is_no_set_of_keys(String body) {
        answer(200, body);

        assertThat(keys.areKnown()).isFalse();
        assertThat(gauge()).isZero();
    }

    @Test
    void a_refusal_is_no_set_of_keys() {
        answer(503, "{\"keys\":[{" + EC + "}]}");

        assertThat(keys.areKnown()).isFalse();
    }

    @Test
    void where_no_keys_are_fetched_none_are_missing() {
        assertThat(new IssuerKeys(new SimpleMeterRegistry(), Optional.empty(), false).areKnown())
                .isTrue();
        assertThat(new IssuerKeys(new SimpleMeterRegistry(), Optional.of("https://id.example"), true).areKnown())
                .isTrue();
    }

    private void answer(int status, String body) {
        keys.filter(new OidcResponseFilterContext(
                        new OidcRequestContextProperties(Map.of()),
                        status,
                        MultiMap.caseInsensitiveMultiMap(),
                        body == null ? null : Buffer.buffer(body)))
                .await()
                .indefinitely();
    }

    private double gauge() {
        return registry.get("liveness.issuer.keys.known").gauge().value();
    }
}
