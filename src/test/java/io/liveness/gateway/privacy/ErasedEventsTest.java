package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;

import io.liveness.gateway.notify.WebhookApi;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A caller is told which sessions were erased, and nothing of the person. */
@QuarkusTest
class ErasedEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();
    private final String mark = "m" + UUID.randomUUID();
    private final ErasureApi erasures = new ErasureApi(api, mark);
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    RunErasures job;

    @Inject
    Stored stored;

    @Test
    void a_webhook_has_the_session_and_nothing_of_the_person() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        String id = erasures.session(1, "pass");
        assertThat(endpoint.first().body()).contains(mark);

        erase();
        erase();

        List<StubReceiver.Webhook> received = endpoint.received(2);
        JsonObject body = new JsonObject(received.get(1).body());
        assertThat(body.fieldNames()).containsExactly("id", "type", "timestamp", "data");
        assertThat(body.getString("type")).isEqualTo("liveness.session.redacted");
        assertThat(body.getJsonObject("data")).isEqualTo(new JsonObject().put("sessionId", id));
        awaitNothingPending(endpoint);
        assertThat(endpoint.received()).as("once").hasSize(2);
    }

    @Test
    void of_a_refused_session_its_caller_is_told_nothing_as_before() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        erasures.session(1, "code-601");

        erase();
        erasures.session(2, "pass");

        assertThat(type(endpoint.first())).isEqualTo("liveness.session.settled");
        // The feed has it when the record of its delivery, which may write an event too, has ended.
        Patience.await("the event", PATIENCE)
                .until(() -> !webhooks.events(null).<List<?>>path("items").isEmpty());
        webhooks.events(null).then().body("items", hasSize(1));
    }

    @Test
    void what_was_not_delivered_before_is_delivered_without_the_reference() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        endpoint.answers(500);
        erasures.session(1, "pass");
        String event = endpoint.first().headers().get("webhook-id");

        erase();
        endpoint.answers(204);
        api.request()
                .post(WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/deliveries/" + event + "/replay")
                .then()
                .statusCode(202);

        Patience.await("both", PATIENCE)
                .until(() -> endpoint.received().stream()
                        .anyMatch(webhook -> type(webhook).equals("liveness.session.redacted")));
        StubReceiver.Webhook settledAgain = endpoint.received().stream()
                .filter(webhook -> type(webhook).equals("liveness.session.settled"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(settledAgain.body()).doesNotContain(mark).contains("CHARGED");
    }

    @Test
    void what_was_answered_goes_with_the_data_of_the_session_and_is_not_kept_again() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        endpoint.answers(500);
        StubReceiver.says(endpoint.path(), "unknown: " + mark);
        erasures.session(1, "pass");
        String delivery = "deliveries/" + endpoint.first().headers().get("webhook-id");
        Patience.await("the answer", PATIENCE)
                .until(() -> webhooks.read(endpoint, delivery).<List<String>>path("attempts.answer").stream()
                        .anyMatch(("unknown: " + mark)::equals));
        assertThat(stored.tablesWith(mark)).contains("webhook_delivery");

        erase();

        assertThat(stored.tablesWith(mark)).doesNotContain("webhook_delivery");
        int attempts = attempts(endpoint, delivery);
        webhooks.post(endpoint, delivery + "/replay").then().statusCode(202);
        Patience.await("another attempt", PATIENCE).until(() -> attempts(endpoint, delivery) > attempts);
        assertThat(stored.tablesWith(mark)).doesNotContain("webhook_delivery");
    }

    private int attempts(WebhookApi.Endpoint endpoint, String delivery) {
        return webhooks.read(endpoint, delivery).<List<?>>path("attempts").size();
    }

    private void erase() {
        erasures.started();
        job.run();
    }

    private void awaitNothingPending(WebhookApi.Endpoint endpoint) {
        Patience.await("end of the deliveries", PATIENCE)
                .until(() -> webhooks.deliveries(endpoint).<List<String>>path("items.status").stream()
                        .noneMatch("PENDING"::equals));
    }

    private static String type(StubReceiver.Webhook webhook) {
        return new JsonObject(webhook.body()).getString("type");
    }
}
