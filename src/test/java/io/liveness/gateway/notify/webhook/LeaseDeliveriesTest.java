package io.liveness.gateway.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.notify.WebhookApi;
import io.liveness.gateway.notify.webhook.LeaseDeliveries.LeasedDelivery;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LeaseDeliveriesTest {

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    Database database;

    @Inject
    LeaseDeliveries leases;

    @Inject
    Stored stored;

    @Test
    void an_endpoint_that_fails_has_one_place_which_a_test_takes_first() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        stored.execute("update webhook_endpoint set failing_since = now() where id = ?::uuid", endpoint.id());
        // The rows are inserted, because the service leases after a settle too.
        stored.execute(
                "insert into webhook_delivery (endpoint_id, event_id, seq, type, at, data, next_attempt_at, once)"
                        + " select ?::uuid, gen_random_uuid(), n, 'liveness.endpoint.test', now(), '{}', now(), n = 2"
                        + " from generate_series(1, 2) n",
                endpoint.id());

        assertThat(leased(endpoint)).extracting(LeasedDelivery::once).containsExactly(true);
    }

    @Test
    void what_waits_for_an_earlier_event_of_its_session_is_put_off_behind_it_and_due_with_its_end() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        List<String> events = deliveries(endpoint, 3);
        stored.execute(
                "update webhook_delivery set attempt = 3, next_attempt_at = now() + interval '1 hour' where event_id = ?::uuid",
                events.get(0));

        assertThat(leased(endpoint)).isEmpty();
        assertThat(due(endpoint)).as("looked at by no other lease").isEmpty();
        assertThat(stored.count("""
                        select count(*) from webhook_delivery
                        where endpoint_id = ?::uuid and next_attempt_at > now() + interval '59 minutes'""", endpoint.id())).isEqualTo(3);

        recorded(events.get(0), "RETRY");
        assertThat(due(endpoint)).isEmpty();

        recorded(events.get(0), "FAILED");
        assertThat(due(endpoint)).containsExactly(events.get(1));
        assertThat(leased(endpoint))
                .extracting(leased -> leased.event().id().toString())
                .containsExactly(events.get(1));

        recorded(events.get(1), "DELIVERED");
        assertThat(due(endpoint)).containsExactly(events.get(2));
    }

    @Test
    void what_waits_for_one_that_is_under_way_comes_after_its_lease_although_no_end_was_recorded() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        List<String> events = deliveries(endpoint, 2);

        assertThat(leased(endpoint))
                .extracting(leased -> leased.event().id().toString())
                .containsExactly(events.get(0));
        assertThat(due(endpoint)).isEmpty();
        stored.execute(
                "update webhook_delivery set status = 'DELIVERED', ended_at = now(), next_attempt_at = null where event_id = ?::uuid",
                events.get(0));

        assertThat(stored.count("""
                        select count(*) from webhook_delivery
                        where event_id = ?::uuid and next_attempt_at < now() + interval '3 minutes'""", events.get(1))).isEqualTo(1);
    }

    private List<LeasedDelivery> leased(WebhookApi.Endpoint endpoint) {
        return leases.due(Map.of(), Set.of(), 100).await().atMost(Duration.ofSeconds(10)).deliveries().stream()
                .filter(leased -> leased.endpoint().toString().equals(endpoint.id()))
                .toList();
    }

    private List<String> due(WebhookApi.Endpoint endpoint) {
        return stored.strings(
                "select event_id from webhook_delivery o where endpoint_id = ?::uuid and " + LeaseDeliveries.IS_DUE,
                endpoint.id());
    }

    /** Due deliveries of events of one session, in their order. */
    private List<String> deliveries(WebhookApi.Endpoint endpoint, int count) throws Exception {
        stored.execute("""
                with event as (
                    insert into session_event (session_id, type, at, caller)
                    select ?, 'LIKE_ANY', now(), ? from generate_series(1, ?)
                    returning *
                )
                insert into webhook_delivery (endpoint_id, event_id, seq, session_id, type, at, data, next_attempt_at)
                select ?::uuid, id, seq, session_id, 'liveness.session.settled', at, '{}', now() from event""", UUID.randomUUID(), api.caller(), count, endpoint.id());
        return stored.strings(
                "select event_id from webhook_delivery where endpoint_id = ?::uuid order by seq", endpoint.id());
    }

    private void recorded(String event, String result) {
        long id = stored.count("select id from webhook_delivery where event_id = ?::uuid", event);
        int lease = (int) stored.count("select lease from webhook_delivery where id = ?", id);
        JsonObject attempt = new JsonObject()
                .put("id", id)
                .put("lease", lease)
                .put("round", 0)
                .put("result", result)
                .put("pause", "PT1H")
                .put("attempt", new JsonArray().add("attempt"));
        database.execute(RecordAttempts.RECORD, Tuple.of(new JsonArray().add(attempt), 1_000.0))
                .await()
                .atMost(Duration.ofSeconds(10));
    }
}
