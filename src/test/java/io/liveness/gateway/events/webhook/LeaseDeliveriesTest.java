package io.liveness.gateway.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.events.WebhookApi;
import io.liveness.gateway.events.webhook.LeaseDeliveries.LeasedDelivery;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LeaseDeliveriesTest {

    private final WebhookApi webhooks = new WebhookApi(Api.asNewCaller());

    @Inject
    LeaseDeliveries leases;

    @Inject
    Stored stored;

    @Test
    void an_endpoint_that_fails_has_one_place_which_a_test_takes_first() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        stored.execute("update webhook_endpoint set failing_since = now() where id = ?::uuid", endpoint.id());
        // No settling, after which the service leases too.
        stored.execute(
                "insert into webhook_outbox (endpoint_id, event_id, seq, type, at, data, next_attempt_at, once)"
                        + " select ?::uuid, gen_random_uuid(), n, 'liveness.endpoint.test', now(), '{}', now(), n = 2"
                        + " from generate_series(1, 2) n",
                endpoint.id());

        assertThat(leases.due(Map.of(), Set.of(), 100).await().atMost(Duration.ofSeconds(10)))
                .filteredOn(leased -> leased.endpoint().toString().equals(endpoint.id()))
                .extracting(LeasedDelivery::once)
                .containsExactly(true);
    }
}
