package io.liveness.gateway.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class UnseenKeyTest {

    private static final OpenSessionsConfig NONE = new SmallRyeConfigBuilder()
            .withMapping(OpenSessionsConfig.class)
            .build()
            .getConfigMapping(OpenSessionsConfig.class);

    @Test
    void a_taken_key_that_leads_to_no_session_yet_is_asked_for_again_where_no_limit_could_be_the_reason() {
        StoreIntent unlimited = new StoreIntent(null, null, NONE, null, null);

        assertThat(unlimited.refuse(null)).hasMessage(OpeningProblems.inFlight().getMessage());
    }
}
