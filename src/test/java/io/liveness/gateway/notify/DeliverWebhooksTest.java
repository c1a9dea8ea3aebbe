package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OptionsOn.class)
class DeliverWebhooksTest implements SchedulerOn {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    Stored stored;

    @Test
    void a_settled_session_is_delivered_with_a_signature_that_verifies() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        String session = api.settled("pass");

        StubReceiver.Webhook webhook = endpoint.first();

        JsonObject body = new JsonObject(webhook.body());
        assertThat(body.fieldNames()).containsExactly("id", "type", "timestamp", "data");
        assertThat(body.getString("id")).isEqualTo(webhook.headers().get("webhook-id"));
        assertThat(body.getString("type")).isEqualTo("liveness.session.settled");
        assertThat(body.getJsonObject("data"))
                .isEqualTo(new JsonObject()
                        .put("sessionId", session)
                        .put("status", "PASSED")
                        .put("chargeStatus", "CHARGED"));
        new Webhook(endpoint.secret()).verify(webhook.body(), webhook.httpHeaders());
        assertThatThrownBy(() -> new Webhook(endpoint.secret()).verify(webhook.body() + " ", webhook.httpHeaders()))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void an_init_whose_answer_was_lost_is_delivered_as_unknown() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        String session =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");

        StubReceiver.Webhook webhook = endpoint.first();

        assertThat(new JsonObject(webhook.body()).getString("type")).isEqualTo("liveness.session.unknown");
        assertThat(data(webhook))
                .isEqualTo(new JsonObject()
                        .put("sessionId", session)
                        .put("status", "UNKNOWN")
                        .put("chargeStatus", "UNCONFIRMED"));
    }

    @Test
    void a_refused_init_is_not_delivered_because_its_caller_has_the_answer() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        api.open("code-602").then().statusCode(502);
        api.settled("pass");

        assertThat(types(endpoint.received(1))).containsExactly("liveness.session.settled");
        // The last attempt is recorded shortly after the receiver has seen it.
        Patience.await("end of the delivery", SOON).until(() -> pending(endpoint) == 0);
        assertThat(endpoint.received()).hasSize(1);
    }

    @Test
    void a_failed_attempt_is_repeated_under_the_same_id_until_it_succeeds() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        AtomicInteger attempts = new AtomicInteger();
        StubReceiver.answers(endpoint.path(), webhook -> attempts.incrementAndGet() < 3 ? 500 : 200);
        api.settled("pass");

        assertThat(endpoint.received(3))
                .extracting(webhook -> webhook.headers().get("webhook-id"))
                .hasSize(3)
                .containsOnly(endpoint.first().headers().get("webhook-id"));
        Map<String, ?> delivery = ended(endpoint);
        assertThat(delivery.get("status")).isEqualTo("DELIVERED");
        assertThat(delivery.get("attempts")).asList().extracting("httpStatus").containsExactly(500, 500, 200);
    }

    @Test
    void after_the_last_attempt_the_delivery_has_failed_and_the_owner_sees_why() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        endpoint.answers(503);
        api.settled("pass");

        Map<String, ?> delivery = ended(endpoint);

        assertThat(delivery.get("status")).isEqualTo("FAILED");
        assertThat(delivery.get("attempts")).asList().hasSize(3);
        webhooks.get(endpoint).then().statusCode(200);
        assertThat(webhooks.get(endpoint).<String>path("lastError")).isEqualTo("HTTP 503");
        assertThat(webhooks.get(endpoint).<String>path("failingSince")).isNotNull();
    }

    @Test
    void an_endpoint_that_answers_410_is_paused_and_the_third_time_disabled() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        endpoint.answers(410);
        api.settled("pass");

        awaitStatus(endpoint, "PAUSED");
        assertThat(webhooks.get(endpoint).<String>path("reason")).isEqualTo("GONE");
        api.settled("pass");
        assertThat(pending(endpoint)).isEqualTo(2);
        webhooks.post(endpoint, "resume");
        awaitStatus(endpoint, "PAUSED");
        webhooks.post(endpoint, "resume");
        awaitStatus(endpoint, "DISABLED");

        api.settled("pass");
        assertThat(pending(endpoint)).isEqualTo(2);
        assertThat(stored.strings("select type from webhook_endpoint_event where endpoint_id = '" + endpoint.id()
                        + "' order by seq"))
                .containsExactly("liveness.endpoint.paused", "liveness.endpoint.paused", "liveness.endpoint.disabled");
        endpoint.answers(204);
        webhooks.post(endpoint, "resume");
        Patience.await("end of the deliveries", SOON).until(() -> pending(endpoint) == 0);
        assertThat(stored.count("select gone_count from webhook_endpoint where id = '" + endpoint.id() + "'"))
                .isZero();
    }

    @Test
    void no_delivery_of_an_endpoint_is_attempted_while_it_asks_to_wait() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        endpoint.answers(429);
        StubReceiver.asksToWait(endpoint.path(), 3600);
        api.settled("pass");
        Patience.await("wait", SOON).until(() -> webhooks.get(endpoint).path("notBefore") != null);
        WebhookApi.Endpoint other = webhooks.created();
        api.settled("pass");
        other.first();

        // Due deliveries of both would have been leased together.
        assertThat(stored.count("select min(lease) from webhook_delivery where endpoint_id = '" + endpoint.id() + "'"))
                .isZero();
        endpoint.answers(204);
        assertThat(webhooks.post(endpoint, "resume").<String>path("notBefore")).isNull();
        Patience.await("end of the deliveries", SOON).until(() -> pending(endpoint) == 0);
    }

    @Test
    void an_endpoint_that_keeps_failing_is_paused_and_its_owner_is_told() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        WebhookApi.Endpoint other = webhooks.created();
        endpoint.answers(500);
        stored.execute("update webhook_endpoint set failing_since = now() - interval '25 hours' where id = '"
                + endpoint.id() + "'");
        api.settled("pass");
        endpoint.first();

        awaitStatus(endpoint, "PAUSED");
        assertThat(webhooks.get(endpoint).<String>path("reason")).isEqualTo("FAILING");
        JsonObject told = new JsonObject(webhooks.events(null).asString())
                .getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .filter(event -> event.getString("type").equals("liveness.endpoint.paused"))
                        .findFirst()
                        .orElseThrow();
        assertThat(UUID.fromString(told.getString("id")).version())
                .as("in the order of their times")
                .isEqualTo(7);
        assertThat(told.getJsonObject("data"))
                .isEqualTo(new JsonObject()
                        .put("endpointId", endpoint.id())
                        .put("reason", "FAILING")
                        .put("error", "HTTP 500"));
        StubReceiver.Webhook heard = other.received(2).stream()
                .filter(webhook -> webhook.headers().get("webhook-id").equals(told.getString("id")))
                .findFirst()
                .orElseThrow();
        assertThat(new JsonObject(heard.body()).getString("type")).isEqualTo("liveness.endpoint.paused");
        assertThat(data(heard)).isEqualTo(told.getJsonObject("data"));
        assertThat(stored.count("select count(*) from webhook_delivery where status = 'PENDING' and endpoint_id = '"
                        + endpoint.id() + "' and session_id is null"))
                .isZero();
    }

    @Test
    void what_a_paused_endpoint_misses_is_delivered_after_a_resume() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        assertThat(webhooks.post(endpoint, "pause").<String>path("reason")).isEqualTo("OWNER");
        api.settled("pass");
        api.settled("pass");
        // One that would be due only tomorrow.
        stored.execute(
                "update webhook_delivery set next_attempt_at = now() + interval '1 day', attempt = 1 where endpoint_id = '"
                        + endpoint.id() + "'");
        assertThat(endpoint.received()).isEmpty();

        assertThat(webhooks.post(endpoint, "resume").<String>path("status")).isEqualTo("ACTIVE");

        assertThat(endpoint.received(2)).hasSize(2);
    }

    @Test
    void the_first_success_after_an_outage_brings_forward_what_waits_but_not_for_ever_what_fails_alone()
            throws Exception {
        WebhookApi.Endpoint endpoint = failing();
        String failsAlone = webhooks.pending(endpoint);
        String waits = webhooks.pending(endpoint);
        tomorrow(endpoint);
        StubReceiver.answers(
                endpoint.path(), webhook -> webhook.headers().get("webhook-id").equals(failsAlone) ? 500 : 200);
        api.settled("pass");

        activate(endpoint);

        Patience.await("end of the deliveries", SOON).until(() -> pending(endpoint) == 0);
        assertThat(endpoint.received())
                .extracting(webhook -> webhook.headers().get("webhook-id"))
                .hasSize(3)
                .contains(waits, failsAlone);
        assertThat(stored.strings("select event_id from webhook_delivery where status = 'FAILED' and endpoint_id = '"
                        + endpoint.id() + "'"))
                .containsExactly(failsAlone);
        assertThat(stored.count("select count(*) from webhook_job where endpoint_id = '" + endpoint.id() + "'"))
                .isZero();
    }

    @Test
    void a_resume_of_an_active_endpoint_that_fails_brings_forward_what_waits() throws Exception {
        WebhookApi.Endpoint endpoint = failing();
        webhooks.pending(endpoint);
        tomorrow(endpoint);
        activate(endpoint);

        webhooks.post(endpoint, "resume")
                .then()
                .statusCode(200)
                .body("status", equalTo("ACTIVE"))
                .body("failingSince", notNullValue());

        endpoint.first();
    }

    /** Paused, so that a test sets its deliveries; fails when it is active again. */
    private WebhookApi.Endpoint failing() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause");
        stored.execute(
                "update webhook_endpoint set failing_since = now() - interval '1 hour' where id = ?::uuid",
                endpoint.id());
        return endpoint;
    }

    /** What waits for its last attempt. */
    private void tomorrow(WebhookApi.Endpoint endpoint) throws SQLException {
        stored.execute(
                "update webhook_delivery set next_attempt_at = now() + interval '1 day', attempt = 5 where endpoint_id = ?::uuid",
                endpoint.id());
    }

    private void activate(WebhookApi.Endpoint endpoint) throws SQLException {
        stored.execute(
                "update webhook_endpoint set status = 'ACTIVE', reason = null where id = ?::uuid", endpoint.id());
    }

    @Test
    void events_of_a_session_keep_their_order_although_the_first_one_fails() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        AtomicInteger attempts = new AtomicInteger();
        StubReceiver.answers(endpoint.path(), webhook -> attempts.incrementAndGet() < 3 ? 500 : 200);
        webhooks.post(endpoint, "pause");
        String session =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");
        stored.execute(
                "update session_schedule set next_poll_at = liveness_now() where session_id = '" + session + "'");
        Patience.await("write-off", SOON)
                .until(() -> stored.count("select count(*) from webhook_delivery where session_id = '" + session + "'")
                        == 2);

        webhooks.post(endpoint, "resume");

        assertThat(types(endpoint.received(4)))
                .containsExactly(
                        "liveness.session.unknown",
                        "liveness.session.unknown",
                        "liveness.session.unknown",
                        "liveness.session.settled");
        assertThat(data(endpoint.received().get(3)).getString("chargeStatus")).isEqualTo("REFUNDED");
    }

    @Test
    void callers_whose_receivers_hang_leave_places_for_another_one() {
        CountDownLatch released = new CountDownLatch(1);
        List<String> paths = new ArrayList<>();
        try {
            for (Api caller : List.of(Api.asNewCaller(), Api.asNewCaller())) {
                for (int nth = 0; nth < 10; nth++) {
                    WebhookApi.Endpoint hanging = new WebhookApi(caller).created();
                    paths.add(hanging.path());
                    StubReceiver.answers(hanging.path(), webhook -> {
                        await(released);
                        return 204;
                    });
                }
                IntStream.range(0, 8).forEach(nth -> caller.settled("pass"));
            }
            // More than half of a replica's places.
            Patience.await("hanging attempts", SOON)
                    .until(() -> paths.stream()
                                    .mapToInt(
                                            path -> StubReceiver.received(path).size())
                                    .sum()
                            > 64);
            WebhookApi.Endpoint prompt = webhooks.created();
            api.settled("pass");

            assertThat(prompt.received(1)).hasSize(1);
        } finally {
            released.countDown();
        }
    }

    @Test
    void a_slow_receiver_gets_several_at_a_time_while_places_are_free() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        // The first one is slow, and the others end together.
        CountDownLatch together = new CountDownLatch(3);
        AtomicInteger attempts = new AtomicInteger();
        StubReceiver.answers(endpoint.path(), webhook -> {
            if (attempts.incrementAndGet() == 1) {
                await(Duration.ofMillis(1_100), new CountDownLatch(1));
            } else {
                together.countDown();
                await(together);
            }
            return 204;
        });
        api.settled("pass");
        Patience.await("the slow one", SOON).until(() -> pending(endpoint) == 0);

        IntStream.range(0, 3).forEach(nth -> api.settled("pass"));

        assertThat(endpoint.received(4)).hasSize(4);
        assertThat(together.getCount()).isZero();
    }

    @Test
    void during_a_rotation_both_secrets_verify() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        String secret = webhooks.post(endpoint, "rotate-secret")
                .then()
                .statusCode(200)
                .extract()
                .path("secret");
        api.settled("pass");

        StubReceiver.Webhook webhook = endpoint.first();

        assertThat(secret).isNotEqualTo(endpoint.secret());
        new Webhook(endpoint.secret()).verify(webhook.body(), webhook.httpHeaders());
        new Webhook(secret).verify(webhook.body(), webhook.httpHeaders());
    }

    @Test
    void after_rotations_at_the_same_moment_all_secrets_verify() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        List<String> made =
                Api.atOnce(6, () -> webhooks.post(endpoint, "rotate-secret").path("secret"));
        api.settled("pass");

        StubReceiver.Webhook webhook = endpoint.first();

        assertThat(made).doesNotHaveDuplicates().hasSize(6);
        new Webhook(endpoint.secret()).verify(webhook.body(), webhook.httpHeaders());
        for (String secret : made) {
            new Webhook(secret).verify(webhook.body(), webhook.httpHeaders());
        }
    }

    @Test
    void after_a_rotation_the_old_secret_does_not_verify() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        String secret = webhooks.post(endpoint, "rotate-secret").path("secret");
        stored.execute("update webhook_endpoint set secrets_until[2] = now() where id = '" + endpoint.id() + "'");
        api.settled("pass");

        StubReceiver.Webhook webhook = endpoint.first();

        new Webhook(secret).verify(webhook.body(), webhook.httpHeaders());
        assertThatThrownBy(() -> new Webhook(endpoint.secret()).verify(webhook.body(), webhook.httpHeaders()))
                .isInstanceOf(WebhookVerificationException.class);
        assertThat(webhooks.get(endpoint).<String>path("oldSecretValidUntil")).isNull();
    }

    @Test
    void an_endpoint_receives_the_types_that_it_asked_for_alone() {
        String path = "/" + api.caller() + "/some";
        webhooks.create(Map.of("url", StubReceiver.at(path), "eventTypes", List.of("liveness.session.settled")))
                .then()
                .statusCode(201);
        api.open("drop-after-fee").then().statusCode(504);
        api.settled("pass");

        Patience.await("webhook", SOON).until(() -> !StubReceiver.received(path).isEmpty());
        assertThat(types(StubReceiver.received(path))).containsExactly("liveness.session.settled");
    }

    private void awaitStatus(WebhookApi.Endpoint endpoint, String status) {
        Patience.await(status, SOON)
                .until(() -> webhooks.get(endpoint).<String>path("status").equals(status));
    }

    private long pending(WebhookApi.Endpoint endpoint) {
        return stored.count("select count(*) from webhook_delivery where status = 'PENDING' and endpoint_id = '"
                + endpoint.id() + "'");
    }

    /** The one delivery of an endpoint, when it has ended. */
    private Map<String, ?> ended(WebhookApi.Endpoint endpoint) {
        Patience.await("end of the delivery", SOON)
                .until(() -> !webhooks.deliveries(endpoint)
                        .<List<String>>path("items.status")
                        .contains("PENDING"));
        return webhooks.deliveries(endpoint).path("items[0]");
    }

    private static JsonObject data(StubReceiver.Webhook webhook) {
        return new JsonObject(webhook.body()).getJsonObject("data");
    }

    private static List<String> types(List<StubReceiver.Webhook> webhooks) {
        return webhooks.stream()
                .map(webhook -> new JsonObject(webhook.body()).getString("type"))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        await(Duration.ofMinutes(1), latch);
    }

    private static void await(Duration atMost, CountDownLatch latch) {
        try {
            latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
