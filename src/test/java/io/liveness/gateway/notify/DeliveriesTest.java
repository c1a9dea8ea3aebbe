package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.notify.webhook.RunJobs;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OptionsOn.class)
class DeliveriesTest implements SchedulerOn {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);
    private WebhookApi.Endpoint endpoint;

    @Inject
    Stored stored;

    @Inject
    RunJobs jobs;

    @BeforeEach
    void an_endpoint() {
        endpoint = webhooks.created();
    }

    @Test
    void a_test_is_delivered_and_is_about_the_endpoint_alone() {
        Response due = webhooks.post(endpoint, "test");
        due.then().statusCode(202).body("status", equalTo("PENDING")).body("type", equalTo("liveness.endpoint.test"));

        StubReceiver.Webhook webhook = endpoint.first();

        assertThat(webhook.headers().get("webhook-id")).isEqualTo(due.<String>path("id"));
        assertThat(new JsonObject(webhook.body()).getJsonObject("data"))
                .isEqualTo(new JsonObject().put("endpointId", endpoint.id()));
    }

    @Test
    void its_owner_alone_sees_what_a_delivery_has_sent_and_what_was_answered() {
        endpoint.answers(500);
        StubReceiver.says(endpoint.path(), "no such table: 订单");
        String id = test("FAILED");

        delivery(id)
                .then()
                .body("body", equalTo(endpoint.first().body()))
                .body("attempts.answer", everyItem(equalTo("no such table: 订单")));
        page(Map.of())
                .then()
                .body("items[0].body", nullValue())
                .body("items[0].attempts.answer", everyItem(nullValue()));
        Api.as("operations", "operator")
                .request()
                .get(WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/deliveries/" + id)
                .then()
                .statusCode(200)
                .body("body", nullValue())
                .body("attempts.httpStatus", everyItem(equalTo(500)))
                .body("attempts.answer", everyItem(nullValue()));
    }

    @Test
    void its_owner_sees_what_a_delivery_will_send() {
        webhooks.post(endpoint, "pause");
        String id = webhooks.pending(endpoint);

        String body = delivery(id).path("body");

        webhooks.post(endpoint, "resume");
        assertThat(endpoint.first().body()).isEqualTo(body);
    }

    @Test
    void a_test_looks_like_any_event() {
        List<String> types = List.of(
                "liveness.session.settled",
                "liveness.session.unknown",
                "liveness.session.redacted",
                "liveness.endpoint.paused",
                "liveness.endpoint.disabled");
        types.forEach(
                type -> webhooks.test(endpoint, Map.of("type", type)).then().statusCode(202));

        assertThat(endpoint.received(types.size()))
                .extracting(webhook -> new JsonObject(webhook.body()))
                .allMatch(event -> event.getJsonObject("data").getBoolean("test"))
                .extracting(event -> event.getString("type"))
                .containsExactlyInAnyOrderElementsOf(types);
    }

    @Test
    void a_test_has_each_verdict() {
        Map<String, String> charges =
                Map.of("PASSED", "CHARGED", "NOT_PASSED", "CHARGED", "FAILED", "REFUNDED", "EXPIRED", "REFUNDED");
        charges.keySet()
                .forEach(status -> webhooks.test(endpoint, Map.of("type", "liveness.session.settled", "status", status))
                        .then()
                        .statusCode(202));

        assertThat(endpoint.received(charges.size()))
                .extracting(webhook -> new JsonObject(webhook.body()).getJsonObject("data"))
                .extracting(data -> Map.entry(data.getString("status"), data.getString("chargeStatus")))
                .containsExactlyInAnyOrderElementsOf(charges.entrySet());
    }

    @Test
    void a_test_that_looks_like_nothing_is_refused() {
        Map.of(
                        "type", Map.of("type", "liveness.session.opened"),
                        "status", Map.of("status", "PASSED"))
                .forEach((field, request) -> webhooks.test(endpoint, request)
                        .then()
                        .statusCode(400)
                        .body("errors[0].field", equalTo(field)));
        webhooks.test(endpoint, Map.of("type", "liveness.session.settled", "status", "PENDING"))
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("status"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'PAUSED', reason = 'GONE'",
                "status = 'DISABLED', reason = 'GONE'",
                "failing_since = now()",
                "not_before = now() + interval '1 day'"
            })
    void a_test_is_attempted_once_and_out_of_turn_and_changes_nothing(String state) throws Exception {
        stored.execute("update webhook_endpoint set " + state + " where id = ?", UUID.fromString(endpoint.id()));
        Map<String, ?> before = webhooks.get(endpoint).path("");

        endpoint.answers(410);
        String gone = test("FAILED");
        endpoint.answers(500);
        String failed = test("FAILED");
        endpoint.answers(200);
        String delivered = test("DELIVERED");

        assertThat(List.of(gone, failed, delivered))
                .extracting(id -> delivery(id).<List<Integer>>path("attempts.httpStatus"))
                .containsExactly(List.of(410), List.of(500), List.of(200));
        replay(failed, "DELIVERED");
        endpoint.answers(410);
        replay(failed, "FAILED");
        assertThat(delivery(failed).<List<Integer>>path("attempts.httpStatus")).containsExactly(500, 200, 410);
        assertThat(webhooks.get(endpoint).<Map<String, ?>>path("")).isEqualTo(before);
    }

    private void replay(String id, String status) {
        webhooks.post(endpoint, "deliveries/" + id + "/replay").then().statusCode(202);
        await(id, status);
    }

    @Test
    void while_an_operator_has_paused_the_endpoint_a_test_is_not_attempted_again() throws Exception {
        String sent = test("DELIVERED");
        stored.execute(
                "update webhook_endpoint set status = 'PAUSED', reason = 'OPERATOR' where id = ?",
                UUID.fromString(endpoint.id()));

        webhooks.post(endpoint, "deliveries/" + sent + "/replay").then().statusCode(202);
        // A delivery that may be attempted would have been leased together with the test of another endpoint.
        WebhookApi.Endpoint other = webhooks.created();
        webhooks.post(other, "test");
        other.first();

        assertThat(stored.count(
                        "select jsonb_array_length(attempts) from webhook_delivery where leased_until is null and event_id = '"
                                + sent + "'"))
                .isEqualTo(1);
    }

    @Test
    void a_test_of_a_paused_endpoint_comes_before_what_waits() {
        webhooks.post(endpoint, "pause");
        String waits = webhooks.pending(endpoint);

        test("DELIVERED");

        delivery(waits).then().body("status", equalTo("PENDING")).body("attempts.size()", equalTo(0));
    }

    @Test
    void deliveries_are_listed_by_status_and_time() {
        String delivered = test("DELIVERED");
        endpoint.answers(500);
        String failed = test("FAILED");
        webhooks.post(endpoint, "pause");
        String pending = webhooks.pending(endpoint);

        assertThat(ids(Map.of())).containsExactly(pending, failed, delivered);
        assertThat(ids(Map.of("status", "DELIVERED"))).containsExactly(delivered);
        assertThat(ids(Map.of("status", "FAILED"))).containsExactly(failed);
        assertThat(ids(Map.of("status", "PENDING"))).containsExactly(pending);
        String from = delivery(failed).path("at");
        assertThat(ids(Map.of("from", from))).containsExactly(pending, failed);
        assertThat(ids(Map.of("to", from))).containsExactly(delivered);
        assertThat(ids(Map.of("from", from, "to", from))).isEmpty();
    }

    @Test
    void a_session_has_its_deliveries_at_every_endpoint_of_its_caller_and_no_others() {
        WebhookApi.Endpoint failing = webhooks.created();
        failing.answers(500);
        test("DELIVERED");
        new WebhookApi(Api.asNewCaller()).created();
        api.settled("pass");
        String session = api.settled("pass");
        String deliveries = Api.SESSIONS + "/" + session + "/deliveries";
        Api operator = Api.as("operations", "operator");

        Patience.await("both ends", SOON)
                .until(() -> !operator.request()
                        .get(deliveries)
                        .<List<String>>path("items.status")
                        .contains("PENDING"));

        List<Map<String, ?>> items = api.request().get(deliveries).path("items");
        assertThat(items)
                .extracting("endpointId", "sessionId", "type", "status")
                .containsExactly(
                        tuple(endpoint.id(), session, "liveness.session.settled", "DELIVERED"),
                        tuple(failing.id(), session, "liveness.session.settled", "FAILED"));
        assertThat(items)
                .allSatisfy(delivery -> assertThat(delivery)
                        .containsOnlyKeys(
                                "id", "endpointId", "sessionId", "type", "at", "status", "attempts", "endedAt"));
    }

    @Test
    void pages_have_each_delivery_once_whatever_has_ended() {
        List<String> made = new ArrayList<>();
        for (int nth = 0; nth < 5; nth++) {
            made.add(0, nth < 3 ? webhooks.post(endpoint, "test").path("id") : webhooks.pending(endpoint));
            if (nth == 2) {
                endpoint.received(3);
                webhooks.post(endpoint, "pause");
            }
        }
        String deliveries = WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/deliveries";
        assertThat(api.<String>allPages(deliveries, 2, "items.id")).isEqualTo(made);
    }

    @Test
    void a_replay_delivers_again_under_the_same_id_and_keeps_the_attempts() {
        endpoint.answers(500);
        String failed = test("FAILED");
        endpoint.answers(200);

        webhooks.post(endpoint, "deliveries/" + failed + "/replay")
                .then()
                .statusCode(202)
                .body("status", equalTo("PENDING"));

        await(failed, "DELIVERED");
        assertThat(delivery(failed).<List<Integer>>path("attempts.httpStatus")).containsExactly(500, 200);
        assertThat(endpoint.received())
                .extracting(webhook -> webhook.headers().get("webhook-id"))
                .containsOnly(failed);
    }

    @Test
    void what_is_left_of_a_deleted_endpoint_is_removed() throws Exception {
        test("DELIVERED");
        webhooks.post(endpoint, "pause");
        webhooks.pending(endpoint);

        api.request().delete(WebhookApi.ENDPOINTS + "/" + endpoint.id()).then().statusCode(204);
        stored.execute("update webhook_job set created_at = now() - interval '1 minute' where endpoint_id = '"
                + endpoint.id() + "'");

        Patience.await("removal", SOON).until(() -> rows() == 0);
    }

    @Test
    void deliveries_are_forgotten_after_their_retention() throws Exception {
        String old = test("DELIVERED");
        String recent = test("DELIVERED");
        stored.execute("update webhook_delivery set ended_at = now() - interval '30 days 1 minute' where event_id = '"
                + old + "'");
        webhooks.post(endpoint, "pause");
        webhooks.pending(endpoint);
        stored.execute("update webhook_delivery set next_attempt_at = now() - interval '30 days 1 minute'"
                + " where status = 'PENDING' and endpoint_id = '" + endpoint.id() + "'");
        String kept = webhooks.pending(endpoint);
        for (String ago : List.of("30 days 1 minute", "29 days")) {
            stored.execute(
                    "insert into webhook_endpoint_event (id, endpoint_id, type, at, caller, data) values (gen_random_uuid(), '"
                            + endpoint.id() + "', '" + ago + "', now() - '" + ago + "'::interval, 'shop', '{}')");
        }

        jobs.forget().await().atMost(SOON);

        assertThat(ids(Map.of())).containsExactly(kept, recent);
        assertThat(stored.strings(
                        "select type from webhook_endpoint_event where endpoint_id = '" + endpoint.id() + "'"))
                .containsExactly("29 days");
    }

    private long rows() {
        return stored.count("select count(*) from webhook_delivery where endpoint_id = '" + endpoint.id() + "'");
    }

    /** Sends a test and waits for its end. */
    private String test(String status) {
        String id = webhooks.post(endpoint, "test").path("id");
        await(id, status);
        return id;
    }

    private void await(String id, String status) {
        Patience.await(status, SOON)
                .until(() -> delivery(id).<String>path("status").equals(status));
    }

    private Response delivery(String id) {
        return api.request().get(WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/deliveries/" + id);
    }

    private Response page(Map<String, ?> query) {
        return api.request().queryParams(query).get(WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/deliveries");
    }

    private List<String> ids(Map<String, ?> query) {
        return page(query).then().statusCode(200).extract().path("items.id");
    }
}
