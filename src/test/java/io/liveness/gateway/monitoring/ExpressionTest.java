package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpressionTest {

    @Test
    void names_of_series_and_labels_are_found_wherever_they_stand() {
        Expression found = Expression.of("""
                (sum by (namespace, call) (rate(calls_count{outcome=~"a|b{c}",code!="x"}[5m])) or 0 * some:record)
                / on (pod) group_left (node) max without (le) (liveness_x == bool 0) unless absent(up{job="j"} offset 115m) > 0.5e3
                """);

        assertThat(found.metrics()).containsExactly("calls_count", "liveness_x", "some:record", "up");
        assertThat(found.labels()).containsExactly("call", "code", "job", "le", "namespace", "node", "outcome", "pod");
    }
}
