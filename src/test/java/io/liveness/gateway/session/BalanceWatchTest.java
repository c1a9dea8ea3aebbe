package io.liveness.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.SettableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class BalanceWatchTest {

    private final Api api = Api.asNewCaller();

    @Inject
    BalanceWatch watch;

    @Inject
    SettableClock clock;

    @Inject
    MeterRegistry registry;

    @Test
    void a_fee_that_should_have_ended_and_is_open_shows() {
        clock.advance(Duration.ofDays(2));
        api.opened("abandon");
        assertThat(watched("liveness.ledger.overdue")).isZero();
        assertThat(watched("liveness.ledger.imbalance")).isZero();

        clock.advance(Duration.ofHours(4));

        assertThat(watched("liveness.ledger.overdue")).isEqualTo(80);
        assertThat(watched("liveness.ledger.imbalance")).isZero();
    }

    private double watched(String gauge) {
        watch.watch().await().atMost(Duration.ofSeconds(20));
        return registry.get(gauge).gauge().value();
    }
}
