package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.monitoring.Expression.Selector;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpressionTest {

    private static final Expression FOUND = Expression.of("""
            (sum by (namespace, call) (rate(calls_count{outcome=~"a|b{c}",code!="x"}[5m])) or 0 * some:record)
            / on (pod) group_left (node) max without (le) (liveness_x == bool 0) unless absent(up{job="j"} offset 115m) > 0.5e3
            """);

    @Test
    void names_of_series_and_labels_are_found_wherever_they_stand() {
        assertThat(FOUND.metrics()).containsExactly("calls_count", "liveness_x", "some:record", "up");
        assertThat(FOUND.labels()).containsExactly("call", "code", "job", "le", "namespace", "node", "outcome", "pod");
    }

    @Test
    void values_that_labels_must_have_are_found_and_no_others() {
        assertThat(FOUND.selectors())
                .containsExactlyInAnyOrder(
                        new Selector("calls_count", Map.of()), new Selector("up", Map.of("job", "j")));
    }
}
