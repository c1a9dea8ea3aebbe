package io.liveness.gateway.jumdata.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class BudgetMetricsTest {

    @Test
    void labels_of_purposes_are_public_names() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();

        new BudgetMetrics(registry);

        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("purpose"))
                .containsOnly("check", "look", "init", "last-look");
    }
}
