package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AudienceRuleTest {

    private static final Optional<String> NONE = Optional.empty();
    private static final Optional<String> KEY = Optional.of("MIIB");
    private static final Optional<String> SERVER = Optional.of("https://id.example");

    @Test
    void an_audience_is_required_with_a_key_and_with_an_issuer() {
        refused(KEY, NONE, Optional.empty());
        refused(NONE, SERVER, Optional.empty());
        refused(NONE, SERVER, Optional.of(List.of(" ")));
    }

    @Test
    void one_audience_some_or_expressly_any_is_accepted() {
        for (List<String> audience : List.of(List.of("gateway"), List.of("gateway", "other"), List.of("any"))) {
            assertThatNoException().isThrownBy(() -> new AudienceRule(KEY, NONE, Optional.of(audience)));
        }
    }

    @Test
    void any_beside_an_audience_is_refused_since_it_would_be_taken_for_a_name() {
        refused(KEY, NONE, Optional.of(List.of("gateway", "any")));
    }

    @Test
    void no_audience_is_needed_when_no_token_is_accepted() {
        assertThatNoException().isThrownBy(() -> new AudienceRule(NONE, NONE, Optional.empty()));
    }

    private static void refused(Optional<String> key, Optional<String> server, Optional<List<String>> audience) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AudienceRule(key, server, audience))
                .withMessageContaining("quarkus.oidc.token.audience");
    }
}
