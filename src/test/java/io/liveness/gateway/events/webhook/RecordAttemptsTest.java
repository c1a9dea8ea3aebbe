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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void what_another_address_asked_for_does_not_count_for_the_present_one() {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);

        record(delivery, "https://before.example/hooks");
        assertThat(webhooks.get(endpoint).<String>path("notBefore")).isNull();

        record(delivery, webhooks.get(endpoint).path("url"));
        assertThat(webhooks.get(endpoint).<String>path("notBefore")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"9 minutes, 0", "11 minutes, 1"})
    void a_success_brings_forward_what_waits_once_and_after_an_outage_alone(String failing, int jobs) throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        for (int nth = 0; nth < 2; nth++) {
            webhooks.post(endpoint, "pause");
            long delivery = delivery(endpoint);
            stored.execute(
                    "update webhook_endpoint set status = 'ACTIVE', reason = null, failing_since = now() - ?::interval"
                            + " where id = ?::uuid",
                    failing,
                    endpoint.id());
            record(delivery, 0, "DELIVERED", -1, 0, "RETRY");
        }

        assertThat(rows("webhook_job", endpoint)).hasSize(jobs);
    }

    private WebhookApi.Endpoint paused() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause").then().statusCode(200);
        return endpoint;
    }

    private long delivery(WebhookApi.Endpoint endpoint) {
        webhooks.pending(endpoint);
        return Long.parseLong(rows("webhook_outbox", endpoint).get(0));
    }

    /** An attempt that asked to wait for an hour, whatever was recorded since it began. */
    private void record(long delivery, String url) {
        int lease = (int) stored.count("select lease from webhook_outbox where id = " + delivery);
        record(
                new Long[] {delivery, -1L},
                new Integer[] {lease, 0},
                new String[] {"RETRY", "RETRY"},
                url,
                new Double[] {3_600_000.0, null});
    }

    private void record(
            long first, int firstLease, String firstResult, long second, int secondLease, String secondResult) {
        record(
                new Long[] {first, second},
                new Integer[] {firstLease, secondLease},
                new String[] {firstResult, secondResult},
                "address",
                new Double[] {null, null});
    }

    private void record(Long[] deliveries, Integer[] leases, String[] results, String url, Double[] waits) {
        database.execute(
                        RecordAttempts.RECORD,
                        Tuple.tuple()
                                .addValue(deliveries)
                                .addValue(leases)
                                .addValue(results)
                                .addValue(new Double[] {0.0, 0.0})
                                .addValue(new Object[] {new JsonArray().add("one"), new JsonArray().add("two")})
                                .addValue(new String[] {null, null})
                                .addValue(new String[] {url, url})
                                .addValue(waits)
                                .addValue(1_000.0))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private List<String> rows(String table, WebhookApi.Endpoint endpoint) {
        return stored.strings("select id from " + table + " where endpoint_id = '" + endpoint.id() + "'");
    }
}
