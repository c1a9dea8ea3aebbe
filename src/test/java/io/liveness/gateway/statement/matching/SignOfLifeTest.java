package io.liveness.gateway.statement.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.statement.reading.Reading;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An import without a sign of life for two minutes counts as failed. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class SignOfLifeTest {

    private static final Instant BEGIN = Instant.parse("2018-03-01T00:00:00Z");

    @Inject
    MatchStatement matching;

    @Test
    void a_sign_of_life_is_given_while_sessions_are_compared_too() {
        List<Integer> told = new ArrayList<>();

        matching.match(
                new MatchOrder(
                        UUID.randomUUID(),
                        "CNY",
                        Optional.of(BEGIN),
                        Optional.of(BEGIN.plusSeconds(60)),
                        Optional.empty(),
                        new Reading(0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty())),
                told::add);

        assertThat(told)
                .as("lines, of which there are none, then those of lost inits and sessions")
                .containsExactly(0, 0);
    }
}
