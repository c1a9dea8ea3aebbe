package io.liveness.gateway.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.events.Outbox;
import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.events.webhook.LeaseDeliveries.LeasedDelivery;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DeliveryRoundsTest {

    private static final int MANY_ROUNDS = 30_000;

    @Inject
    SendWebhook send;

    @Inject
    RecordAttempts record;

    @Inject
    WebhookConfig config;

    @Test
    void what_is_written_again_and_again_while_a_lease_is_under_way_ends_no_leasing() {
        AtomicInteger rounds = new AtomicInteger();
        Outbox outbox = new Outbox();
        LeaseDeliveries nothingDue = new LeaseDeliveries(null, config) {
            @Override
            Uni<List<LeasedDelivery>> due(Map<UUID, Integer> busy, Set<UUID> slow, int limit) {
                if (rounds.incrementAndGet() % MANY_ROUNDS != 0) {
                    outbox.filled();
                }
                List<LeasedDelivery> none = List.of();
                return Uni.createFrom().item(none).emitOn(Infrastructure.getDefaultExecutor());
            }
        };
        DeliverWebhooks webhooks = new DeliverWebhooks(nothingDue, send, record, config, outbox);

        webhooks.tick().await().atMost(Duration.ofSeconds(60));
        webhooks.tick().await().atMost(Duration.ofSeconds(60));

        assertThat(rounds).hasValue(2 * MANY_ROUNDS);
    }
}
