package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OptionsOn.class)
class ReplaysTest implements SchedulerOn {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String LONG_AGO = "2026-01-01T00:00:00Z";

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    Stored stored;

    @Test
    void what_has_failed_in_a_window_is_delivered_again() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        endpoint.answers(500);
        settled(endpoint, "FAILED");
        String within = settled(endpoint, "FAILED");
        String after = settled(endpoint, "FAILED");
        endpoint.answers(200);
        String from = delivery(endpoint, within).path("at");
        String until = delivery(endpoint, after).path("at");

        Response started = start(endpoint, Map.of("from", from, "until", until));

        started.then()
                .statusCode(202)
                .body("from", equalTo(from))
                .body("until", equalTo(until))
                .body("status", equalTo("FAILED"))
                .body("replayed", equalTo(0));
        assertThat(replayed(endpoint, started)).isEqualTo(1);
        await(endpoint, within, "DELIVERED");
        assertThat(webhooks.deliveries(endpoint).<List<String>>path("items.status"))
                .containsExactly("FAILED", "DELIVERED", "FAILED");
    }

    @Test
    void a_replay_of_what_has_failed_does_not_go_through_what_was_forgotten() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        happened(600);
        Response none = start(endpoint, Map.of("from", LONG_AGO));
        assertThat(replayed(endpoint, none)).isZero();
        endpoint.answers(500);
        settled(endpoint, "FAILED");
        Response one = start(endpoint, Map.of("from", LONG_AGO));
        assertThat(replayed(endpoint, one)).isOne();

        assertThat(stored.count(
                        "select sum(done) from webhook_job where endpoint_id = ?", UUID.fromString(endpoint.id())))
                .isOne();
    }

    @Test
    void an_endpoint_receives_what_happened_before_it_existed_in_its_types_and_once() throws Exception {
        String settled = api.settled("pass");
        api.open("drop-after-fee").then().statusCode(504);
        String path = "/" + api.caller() + "/late";
        String id = webhooks.create(
                        Map.of("url", StubReceiver.at(path), "eventTypes", List.of("liveness.session.settled")))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        WebhookApi.Endpoint endpoint = new WebhookApi.Endpoint(id, null, path);

        assertThat(replayed(endpoint, start(endpoint, Map.of("from", LONG_AGO, "status", "MISSED"))))
                .isEqualTo(1);

        StubReceiver.Webhook webhook = endpoint.first();
        Map<String, ?> event = webhooks.events(null).path("items[0]");
        assertThat(webhook.headers().get("webhook-id")).isEqualTo(event.get("id"));
        JsonObject body = new JsonObject(webhook.body());
        assertThat(body.getString("timestamp")).isEqualTo(event.get("timestamp"));
        assertThat(body.getJsonObject("data").getMap())
                .isEqualTo(event.get("data"))
                .containsEntry("sessionId", settled);
        await(endpoint, webhook.headers().get("webhook-id"), "DELIVERED");
        assertThat(replayed(endpoint, start(endpoint, Map.of("from", LONG_AGO, "status", "MISSED"))))
                .isZero();
    }

    @Test
    void all_of_a_window_is_delivered_again_with_what_was_missed() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        settled(endpoint, "DELIVERED");
        stored.execute(
                "update webhook_endpoint set status = 'DISABLED', reason = 'GONE' where id = ?",
                UUID.fromString(endpoint.id()));
        api.settled("pass");
        webhooks.post(endpoint, "resume").then().statusCode(200);
        settled(endpoint, "DELIVERED");
        // A minute is as good as over.
        stored.execute(
                "update webhook_delivery set ended_at = ended_at - interval '2 minutes' where endpoint_id = ?",
                UUID.fromString(endpoint.id()));

        assertThat(replayed(endpoint, start(endpoint, Map.of("from", LONG_AGO, "status", "ALL"))))
                .isEqualTo(3);

        // The feed has them when no older transaction is open.
        Patience.await("the events", SOON)
                .until(() -> webhooks.events(null).path("items.size()").equals(3));
        assertThat(endpoint.received(5))
                .extracting(webhook -> webhook.headers().get("webhook-id"))
                .containsOnly(
                        webhooks.events(null).<List<String>>path("items.id").toArray(String[]::new));
    }

    @Test
    void a_replay_goes_on_in_steps_and_makes_none_twice() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause").then().statusCode(200);
        happened(600);

        assertThat(replayed(endpoint, start(endpoint, Map.of("from", LONG_AGO, "status", "MISSED"))))
                .isEqualTo(600);

        assertThat(pending(endpoint)).isEqualTo(600);
        assertThat(replayed(endpoint, start(endpoint, Map.of("from", LONG_AGO, "status", "ALL"))))
                .isZero();
        assertThat(pending(endpoint)).isEqualTo(600);
    }

    @Test
    void a_replay_pauses_while_its_endpoint_has_much_to_receive() throws Exception {
        WebhookApi.Endpoint full = webhooks.created();
        WebhookApi.Endpoint other = webhooks.created();
        webhooks.post(full, "pause").then().statusCode(200);
        webhooks.post(other, "pause").then().statusCode(200);
        happened(1100);

        Response waits = start(full, Map.of("from", LONG_AGO, "status", "MISSED"));
        begun(full);
        Patience.await("a thousand", SOON).until(() -> pending(full) >= 1000);
        // The full endpoint's replay is due after the other one's, which has ended.
        replayed(other, start(other, Map.of("from", LONG_AGO)));

        assertThat(pending(full)).isEqualTo(1000);
        replay(full, waits).then().body("replayed", equalTo(1000)).body("endedAt", nullValue());
        stored.execute(
                "delete from webhook_delivery where status = 'PENDING' and endpoint_id = ?",
                UUID.fromString(full.id()));
        assertThat(replayed(full, waits)).isEqualTo(1100);
    }

    @Test
    void a_replay_is_refused_while_another_one_of_the_endpoint_is_under_way() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        // The replay begins after a minute.
        Response first = start(endpoint, Map.of("from", LONG_AGO, "status", "ALL"));
        first.then().statusCode(202);

        start(endpoint, Map.of("from", LONG_AGO))
                .then()
                .statusCode(409)
                .body("code", equalTo("replay-under-way"))
                .body("reasons[0].parameters.replayId", equalTo(first.path("id")));

        begun(endpoint);
        Patience.await("another", SOON)
                .until(() -> start(endpoint, Map.of("from", LONG_AGO)).statusCode() == 202);
    }

    @Test
    void a_replay_that_is_ended_makes_nothing_more_due_and_leaves_what_it_has_made() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause").then().statusCode(200);
        happened(1100);
        Response ended = start(endpoint, Map.of("from", LONG_AGO, "status", "MISSED"));
        begun(endpoint);
        Patience.await("a thousand", SOON).until(() -> pending(endpoint) >= 1000);

        end(api, endpoint, ended).then().statusCode(204);
        Response read = replay(endpoint, ended);
        end(api, endpoint, ended).then().statusCode(204);

        read.then().body("replayed", equalTo(1000)).body("endedAt", notNullValue());
        assertThat(replay(endpoint, ended).asString()).isEqualTo(read.asString());
        start(endpoint, Map.of("from", LONG_AGO)).then().statusCode(202);
        assertThat(pending(endpoint)).isEqualTo(1000);
    }

    @Test
    void only_the_owner_of_an_endpoint_ends_its_replay() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        Response running = start(endpoint, Map.of("from", LONG_AGO, "status", "ALL"));

        end(Api.asNewCaller(), endpoint, running).then().statusCode(404);
        end(api, webhooks.created(), running).then().statusCode(404);

        replay(endpoint, running).then().statusCode(200).body("endedAt", nullValue());
    }

    @Test
    void a_window_that_is_none_is_refused() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        assertRefused(endpoint, Map.of(), "from");
        assertRefused(endpoint, Map.of("from", "yesterday"), "from");
        assertRefused(endpoint, Map.of("from", "2100-01-01T00:00:00.000Z"), "from");
        assertRefused(endpoint, Map.of("from", LONG_AGO, "until", LONG_AGO), "until");
        assertRefused(endpoint, Map.of("from", LONG_AGO, "status", "PENDING"), "status");
    }

    private void assertRefused(WebhookApi.Endpoint endpoint, Map<String, ?> request, String field) {
        start(endpoint, request).then().statusCode(400).body("errors[0].field", equalTo(field));
    }

    private Response start(WebhookApi.Endpoint endpoint, Map<String, ?> request) {
        return api.request()
                .contentType(ContentType.JSON)
                .body(request)
                .post(WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/replays");
    }

    /** How many deliveries the replay has made, when it has ended. */
    private int replayed(WebhookApi.Endpoint endpoint, Response started) throws Exception {
        begun(endpoint);
        Patience.await("end of the replay", SOON)
                .until(() -> replay(endpoint, started).path("endedAt") != null);
        return replay(endpoint, started).path("replayed");
    }

    /** Lets the minute pass after which a replay of what was missed begins. */
    private void begun(WebhookApi.Endpoint endpoint) throws Exception {
        stored.execute(
                "update webhook_job set created_at = created_at - interval '1 minute' where status <> 'FAILED' and endpoint_id = ?",
                UUID.fromString(endpoint.id()));
    }

    private Response replay(WebhookApi.Endpoint endpoint, Response started) {
        return api.request().get(path(endpoint, started));
    }

    private static Response end(Api by, WebhookApi.Endpoint endpoint, Response started) {
        return by.request().delete(path(endpoint, started));
    }

    private static String path(WebhookApi.Endpoint endpoint, Response started) {
        return WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/replays/" + started.<String>path("id");
    }

    /** Settles a session, and returns its event when the delivery is so far. */
    private String settled(WebhookApi.Endpoint endpoint, String status) {
        String session = api.settled("pass");
        String deliveries = Api.SESSIONS + "/" + session + "/deliveries";
        Patience.await(status, SOON)
                .until(() -> api.request()
                        .get(deliveries)
                        .<List<String>>path("items.status")
                        .equals(List.of(status)));
        return api.request().get(deliveries).path("items[0].id");
    }

    private void await(WebhookApi.Endpoint endpoint, String id, String status) {
        Patience.await(status, SOON)
                .until(() -> delivery(endpoint, id).<String>path("status").equals(status));
    }

    private Response delivery(WebhookApi.Endpoint endpoint, String id) {
        return api.request().get(WebhookApi.ENDPOINTS + "/" + endpoint.id() + "/deliveries/" + id);
    }

    /** Writes events of the caller's sessions. */
    private void happened(int count) throws Exception {
        stored.execute(
                "insert into session_event (session_id, type, at, detail, caller)"
                        + " select gen_random_uuid(), 'SETTLED', now() - interval '1 hour', '{\"status\":\"PASSED\",\"charge\":\"CHARGED\"}', ?"
                        + " from generate_series(1, ?)",
                api.caller(),
                count);
    }

    private long pending(WebhookApi.Endpoint endpoint) {
        return stored.count("select count(*) from webhook_delivery where status = 'PENDING' and endpoint_id = '"
                + endpoint.id() + "'");
    }
}
