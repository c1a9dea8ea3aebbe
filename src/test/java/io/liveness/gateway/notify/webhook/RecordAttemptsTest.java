package io.liveness.gateway.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.notify.WebhookApi;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statement that records attempts, with what seldom meets in one. */
@QuarkusTest
class RecordAttemptsTest {

    private static final String HOUR = "PT1H";

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

        assertThat(statuses(endpoint)).containsExactly("DELIVERED");
    }

    @Test
    void a_retry_that_is_recorded_again_counts_once() {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);

        record(delivery, 0, "RETRY", -1, 0, "RETRY");
        record(delivery, 0, "RETRY", -1, 0, "RETRY");

        assertThat(stored.strings(
                        "select attempt || ' ' || jsonb_array_length(attempts) from webhook_delivery where id = "
                                + delivery))
                .containsExactly("1 1");
    }

    @Test
    void a_failure_under_an_older_lease_changes_nothing() {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);

        record(delivery, -1, "FAILED", -1, 0, "RETRY");

        assertThat(statuses(endpoint)).containsExactly("PENDING");
    }

    @Test
    void what_was_begun_before_a_resume_or_at_another_address_says_nothing_of_the_endpoint_and_is_attempted_again()
            throws Exception {
        WebhookApi.Endpoint endpoint = paused();
        long delivery = delivery(endpoint);
        int before = round(delivery);
        // A delivery of the next hour is not leased by the service meanwhile.
        stored.execute(
                "update webhook_delivery set next_attempt_at = now() + interval '1 hour' where id = ?", delivery);
        webhooks.post(endpoint, "resume").then().statusCode(200);
        webhooks.post(endpoint, "pause").then().statusCode(200);

        record(delivery, before);
        assertThat(webhooks.get(endpoint).<String>path("notBefore")).isNull();
        assertThat(webhooks.get(endpoint).<String>path("failingSince")).isNull();
        assertThat(isDue(delivery)).isTrue();

        record(attempt(delivery, lease(delivery), "FAILED", before));
        assertThat(isDue(delivery))
                .as("not given up for what another receiver said")
                .isTrue();

        record(delivery, round(delivery));
        assertThat(webhooks.get(endpoint).<String>path("notBefore")).isNotNull();
        assertThat(isDue(delivery)).isFalse();
    }

    @Test
    void a_410_beside_a_success_is_the_first_one_since_it() throws Exception {
        WebhookApi.Endpoint endpoint = paused();
        long first = delivery(endpoint);
        webhooks.pending(endpoint);
        long second = stored.count("select max(id) from webhook_delivery where endpoint_id = '" + endpoint.id() + "'");
        // The endpoint asked to wait an hour, so that the service leases none of its deliveries.
        stored.execute(
                "update webhook_endpoint set status = 'ACTIVE', reason = null, gone_count = 2,"
                        + " not_before = now() + interval '1 hour' where id = ?::uuid",
                endpoint.id());

        record(first, lease(first), "DELIVERED", second, lease(second), "GONE");

        webhooks.get(endpoint).then().body("status", equalTo("PAUSED"));
        assertThat(stored.count("select gone_count from webhook_endpoint where id = '" + endpoint.id() + "'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"9 minutes, 0, 0", "11 minutes, 1, 2"})
    void a_success_brings_forward_what_waits_once_and_begins_a_round_after_an_outage_alone(
            String failing, int jobs, int rounds) throws Exception {
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

        assertThat(stored.count("select count(*) from webhook_job where endpoint_id = ?::uuid", endpoint.id()))
                .isEqualTo(jobs);
        assertThat(stored.count("select round from webhook_endpoint where id = '" + endpoint.id() + "'"))
                .isEqualTo(rounds);
    }

    private WebhookApi.Endpoint paused() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause").then().statusCode(200);
        return endpoint;
    }

    private long delivery(WebhookApi.Endpoint endpoint) {
        webhooks.pending(endpoint);
        return stored.count(
                "select id from webhook_delivery where status = 'PENDING' and endpoint_id = ?::uuid", endpoint.id());
    }

    /** An attempt that asked to wait for an hour, whatever was recorded since it began. */
    private void record(long delivery, int round) {
        record(attempt(delivery, lease(delivery), "RETRY", round).put("wait", HOUR));
    }

    private int lease(long delivery) {
        return (int) stored.count("select lease from webhook_delivery where id = " + delivery);
    }

    private boolean isDue(long delivery) {
        return stored.count("select count(*) from webhook_delivery where next_attempt_at <= now() and id = " + delivery)
                == 1;
    }

    private int round(long delivery) {
        return (int) stored.count("select round from webhook_endpoint"
                + " where id = (select endpoint_id from webhook_delivery where id = " + delivery + ")");
    }

    private void record(
            long first, int firstLease, String firstResult, long second, int secondLease, String secondResult) {
        int round = round(first);
        record(attempt(first, firstLease, firstResult, round), attempt(second, secondLease, secondResult, round));
    }

    private static JsonObject attempt(long delivery, int lease, String result, int round) {
        return new JsonObject()
                .put("id", delivery)
                .put("lease", lease)
                .put("round", round)
                .put("result", result)
                .put("pause", HOUR)
                .put("attempt", new JsonArray().add("one"));
    }

    /** The columns are those of {@link RecordAttempts#MADE}. */
    private void record(JsonObject... attempts) {
        database.execute(RecordAttempts.RECORD, Tuple.of(new JsonArray(List.of(attempts)), 1_000.0))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private List<String> statuses(WebhookApi.Endpoint endpoint) {
        return stored.strings("select status from webhook_delivery where endpoint_id = ?::uuid", endpoint.id());
    }
}
