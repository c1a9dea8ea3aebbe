package io.liveness.gateway.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.events.WebhookApi;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The statement that records attempts, with what seldom meets in one. */
@QuarkusTest
class RecordAttemptsTest {

    private final WebhookApi webhooks = new WebhookApi(Api.asNewCaller());

    @Inject
    Database database;

    @Inject
    Stored stored;

    @Test
    void of_two_attempts_of_one_delivery_in_one_statement_the_success_counts() {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);

        record(delivery, 0, "RETRY", delivery, -1, "DELIVERED");

        assertThat(rows("webhook_outbox", endpoint)).isEmpty();
        assertThat(rows("webhook_delivery", endpoint)).containsExactly(Long.toString(delivery));
    }

    @Test
    void a_retry_that_is_recorded_again_counts_once() {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);

        record(delivery, 0, "RETRY", -1, 0, "RETRY");
        record(delivery, 0, "RETRY", -1, 0, "RETRY");

        assertThat(stored.strings(
                        "select attempt || ' ' || jsonb_array_length(attempts) from webhook_outbox where id = "
                                + delivery))
                .containsExactly("1 1");
    }

    @Test
    void a_failure_under_an_older_lease_changes_nothing() {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);

        record(delivery, -1, "FAILED", -1, 0, "RETRY");

        assertThat(rows("webhook_outbox", endpoint)).containsExactly(Long.toString(delivery));
        assertThat(rows("webhook_delivery", endpoint)).isEmpty();
    }

    private WebhookApi.Endpoint paused() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause").then().statusCode(200);
        return endpoint;
    }

    private long delivery(WebhookApi.Endpoint endpoint) {
        webhooks.post(endpoint, "test").then().statusCode(202);
        return Long.parseLong(rows("webhook_outbox", endpoint).get(0));
    }

    private void record(
            long first, int firstLease, String firstResult, long second, int secondLease, String secondResult) {
        database.execute(
                        RecordAttempts.RECORD,
                        Tuple.tuple()
                                .addValue(new Long[] {first, second})
                                .addValue(new Integer[] {firstLease, secondLease})
                                .addValue(new String[] {firstResult, secondResult})
                                .addValue(new Double[] {0.0, 0.0})
                                .addValue(new Object[] {new JsonArray().add("one"), new JsonArray().add("two")})
                                .addValue(new String[] {null, null})
                                .addValue(new String[] {"address", "address"})
                                .addValue(new Double[] {null, null})
                                .addValue(1_000.0))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private List<String> rows(String table, WebhookApi.Endpoint endpoint) {
        return stored.strings("select id from " + table + " where endpoint_id = '" + endpoint.id() + "'");
    }
}
