package io.liveness.gateway.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.events.WebhookApi;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
        webhooks.post(endpoint, "pause");
        webhooks.pending(endpoint);
        String test = webhooks.pending(endpoint);
        stored.execute("update webhook_outbox set once = true where event_id = ?::uuid", test);
        stored.execute(
                "update webhook_endpoint set status = 'ACTIVE', reason = null, failing_since = now() where id = ?::uuid",
                endpoint.id());

        assertThat(leases.due(Map.of(), Set.of(), 100).await().atMost(Duration.ofSeconds(10)))
                .filteredOn(leased -> leased.endpoint().toString().equals(endpoint.id()))
                .extracting(leased -> leased.event().id())
                .containsExactly(UUID.fromString(test));
    }
}
