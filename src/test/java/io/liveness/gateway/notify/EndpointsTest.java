package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class EndpointsTest {

    private static final String URL = "https://shop.example/liveness/events";
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    Stored stored;

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Test
    void an_endpoint_is_created_active_with_a_secret_of_32_bytes() {
        webhooks.create(Map.of(
                        "url", URL, "description", "verdicts", "eventTypes", List.of("liveness.session.settled")))
                .then()
                .statusCode(201)
                .header("Location", matchesPattern(".*/v1/webhook-endpoints/[0-9a-f-]{36}"))
                .body("url", equalTo(URL))
                .body("description", equalTo("verdicts"))
                .body("eventTypes", equalTo(List.of("liveness.session.settled")))
                .body("status", equalTo("ACTIVE"))
                .body("caller", nullValue())
                .body("secret", matchesPattern("whsec_[A-Za-z0-9+/]{43}="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example/events",
                "https://other.example/events",
                "https://shop.example:8443/events",
                "https://user@shop.example/events",
                "https://shop.example/events#part",
                "https://169.254.169.254/latest/meta-data",
                "https://127.0.0.1/",
                "https://[::1]/",
                "ftp://shop.example/",
                "shop.example",
                " "
            })
    void an_address_outside_of_the_list_is_refused_and_names_the_field(String url) {
        webhooks.create(url)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-request"))
                .body("errors[0].field", equalTo("url"));
        assertThat(ids(api)).isEmpty();
    }

    @Test
    void an_unknown_type_is_refused_and_names_its_place() {
        webhooks.create(Map.of("url", URL, "eventTypes", List.of("liveness.session.settled", "everything")))
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("eventTypes[1]"));
    }

    @Test
    void a_change_replaces_all_of_it_and_keeps_the_secret() {
        String id = webhooks.create(
                        Map.of("url", URL, "description", "old", "eventTypes", List.of("liveness.session.unknown")))
                .path("id");

        put(id, Map.of("url", URL + "/2"))
                .then()
                .statusCode(200)
                .body("url", equalTo(URL + "/2"))
                .body("description", nullValue())
                .body("eventTypes", nullValue())
                .body("secret", nullValue());
        put(id, Map.of("url", "https://other.example/")).then().statusCode(400);
    }

    @Test
    void creations_under_one_key_at_once_make_one_endpoint_with_one_secret() {
        List<Response> answers = Api.atOnce(6, () -> webhooks.create("key", Map.of("url", URL)));

        assertThat(answers.stream().map(Response::statusCode)).containsOnlyOnce(201);
        assertThat(answers.stream().map(Response::statusCode)).containsOnly(200, 201);
        assertThat(answers.stream().map(answer -> answer.<String>path("secret")).distinct())
                .hasSize(1)
                .doesNotContainNull();
        assertThat(ids(api)).hasSize(1);
    }

    @Test
    void another_address_begins_a_round_of_attempts_and_another_description_none() {
        String id = webhooks.create("key", Map.of("url", URL)).path("id");
        String round = "select round from webhook_endpoint where id = '" + id + "'";

        put(id, Map.of("url", URL, "description", "another"));
        assertThat(stored.count(round)).isZero();

        put(id, Map.of("url", URL + "/2"));
        assertThat(stored.count(round)).isOne();
    }

    @Test
    void a_repeated_creation_answers_the_endpoint_as_it_is_and_the_secret_that_it_made() {
        Response created = webhooks.create("key", Map.of("url", URL));
        String id = created.path("id");
        put(id, Map.of("url", URL + "/2"));
        webhooks.rotate("of-a-rotation", id);

        webhooks.create("key", Map.of("url", URL))
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .header("ETag", equalTo("\"2\""))
                .body("id", equalTo(id))
                .body("url", equalTo(URL + "/2"))
                .body("secret", equalTo(created.path("secret")));
        new WebhookApi(Api.asNewCaller())
                .create("key", Map.of("url", URL))
                .then()
                .statusCode(201);
    }

    @Test
    void another_creation_under_the_key_is_refused() {
        webhooks.create("key", Map.of("url", URL));

        for (Map<String, ?> other : List.of(
                Map.of("url", URL + "/2"),
                Map.of("url", URL, "description", "verdicts"),
                Map.of("url", URL, "eventTypes", List.of("liveness.session.settled")))) {
            webhooks.create("key", other).then().statusCode(422).body("code", equalTo("idempotency-key-reused"));
        }
        webhooks.create("a key", Map.of("url", URL)).then().statusCode(400);
    }

    @Test
    void a_repeated_creation_is_answered_also_at_the_limit_of_endpoints() {
        webhooks.create("key", Map.of("url", URL));
        for (int nth = 1; nth < 10; nth++) {
            webhooks.create(URL).then().statusCode(201);
        }

        webhooks.create("key", Map.of("url", URL)).then().statusCode(200);
        webhooks.create("another", Map.of("url", URL)).then().statusCode(409);
    }

    @Test
    void creations_at_one_moment_stay_within_the_limit_of_endpoints() throws Exception {
        for (int nth = 1; nth < 10; nth++) {
            webhooks.create(URL).then().statusCode(201);
        }
        AtomicInteger key = new AtomicInteger();
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            // A transaction that never commits uses both keys, so that both requests have counted before one is stored.
            lock.execute("""
                    insert into webhook_endpoint (id, caller, url, status, secrets_sealed, secrets_until, secrets_key, created_by_key,
                                                  created_at, updated_at)
                    select gen_random_uuid(), caller, url, status, secrets_sealed, secrets_until, secrets_key, 'key-' || n, now(), now()
                    from (select * from webhook_endpoint where caller = '%s' limit 1) one, generate_series(1, 2) n
                    """.formatted(api.caller()));
            CompletableFuture<List<Integer>> created = CompletableFuture.supplyAsync(() -> Api.atOnce(
                    2,
                    () -> webhooks.create("key-" + key.incrementAndGet(), Map.of("url", URL))
                            .statusCode()));
            Patience.await("two that wait", SOON)
                    .until(() -> stored.count("select count(distinct pid) from pg_locks where not granted") >= 2);
            other.rollback();
            assertThat(created.get(SOON.toSeconds(), TimeUnit.SECONDS)).containsExactlyInAnyOrder(201, 409);
        }

        assertThat(stored.count("select count(*) from webhook_endpoint where caller = ?", api.caller()))
                .isEqualTo(10);
    }

    @Test
    void rotations_under_one_key_at_once_make_one_secret() {
        String id = webhooks.create(URL).path("id");

        List<Response> answers = Api.atOnce(6, () -> webhooks.rotate("key", id));

        assertThat(answers.stream().map(Response::statusCode)).containsOnly(200);
        assertThat(answers.stream().map(answer -> answer.header("Idempotency-Replayed")))
                .containsOnlyOnce((String) null)
                .containsOnly(null, "true");
        assertThat(answers.stream().map(answer -> answer.<String>path("secret")).distinct())
                .hasSize(1)
                .doesNotContainNull();
        assertThat(stored.count("select cardinality(secrets_sealed) from webhook_endpoint where id = ?::uuid", id))
                .isEqualTo(2);
    }

    @Test
    void a_repeated_rotation_answers_its_secret_after_a_later_one_too() {
        String id = webhooks.create("of-the-creation", Map.of("url", URL)).path("id");
        String first = webhooks.rotate("first", id).path("secret");
        String second = webhooks.rotate("second", id).path("secret");

        webhooks.rotate("first", id).then().statusCode(200).body("secret", equalTo(first));
        webhooks.rotate("second", id).then().statusCode(200).body("secret", equalTo(second));
        webhooks.rotate("of-the-creation", id).then().statusCode(422).body("code", equalTo("idempotency-key-reused"));
    }

    @Test
    void a_secret_that_has_ended_is_not_answered_to_a_repetition() throws SQLException {
        String id = webhooks.create("of-the-creation", Map.of("url", URL)).path("id");
        webhooks.rotate("first", id);
        webhooks.rotate("second", id);
        stored.execute("update webhook_endpoint set secrets_until[2:3] = array[now(), now()] where id = ?::uuid", id);

        webhooks.create("of-the-creation", Map.of("url", URL))
                .then()
                .statusCode(200)
                .body("secret", nullValue());
        webhooks.rotate("first", id).then().statusCode(200).body("secret", nullValue());
        webhooks.rotate("second", id).then().statusCode(200).body("secret", notNullValue());
    }

    @Test
    void a_rotation_that_would_end_a_secret_before_its_day_is_refused() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        for (int nth = 0; nth < 10; nth++) {
            webhooks.rotate("key-" + nth, endpoint.id()).then().statusCode(200);
        }

        webhooks.post(endpoint, "rotate-secret").then().statusCode(409).body("code", equalTo("secret-limit-reached"));
        webhooks.rotate("another", endpoint.id()).then().statusCode(409);
        webhooks.rotate("key-0", endpoint.id()).then().statusCode(200);

        stored.execute("update webhook_endpoint set secrets_until[11] = now() where id = ?::uuid", endpoint.id());
        webhooks.rotate("another", endpoint.id()).then().statusCode(200);
        webhooks.post(endpoint, "rotate-secret").then().statusCode(409);
    }

    @Test
    void a_change_of_what_another_has_changed_is_refused() {
        Response created = webhooks.create(URL);
        String path = WebhookApi.ENDPOINTS + "/" + created.path("id");
        String tag = created.header("ETag");
        assertThat(api.request().get(path).header("ETag")).isEqualTo(tag);

        String next = changeIf(path, tag, 200).header("ETag");

        assertThat(next).isNotEqualTo(tag);
        for (String other : List.of(tag, "W/" + next, "none")) {
            changeIf(path, other, 412)
                    .then()
                    .body("code", equalTo("precondition-failed"))
                    .body("errors[0].field", equalTo("If-Match"));
        }
        assertThat(api.request().get(path).header("ETag")).isEqualTo(next);
        changeIf(path, tag + ", " + next, 200);
        changeIf(path, "*", 200);
        changeIf(WebhookApi.ENDPOINTS + "/" + UUID.randomUUID(), "*", 404);
    }

    @Test
    void of_changes_at_once_of_the_same_version_one_is_made() {
        Response created = webhooks.create(URL);
        String path = WebhookApi.ENDPOINTS + "/" + created.path("id");

        List<Integer> answers = Api.atOnce(
                6,
                () -> webhooks.unverified()
                        .header("If-Match", created.header("ETag"))
                        .body(Map.of("url", URL))
                        .put(path)
                        .statusCode());

        assertThat(answers).containsOnlyOnce(200).containsOnly(200, 412);
    }

    private Response changeIf(String path, String tag, int status) {
        Response answer = webhooks.unverified()
                .header("If-Match", tag)
                .body(Map.of("url", URL))
                .put(path);
        answer.then().statusCode(status);
        return answer;
    }

    @Test
    void a_receiver_whose_name_does_not_resolve_is_refused_unless_it_need_not() {
        String id = webhooks.create("key", Map.of("url", URL)).path("id");
        RequestSpecification verified =
                api.request().contentType(ContentType.JSON).body(Map.of("url", URL));

        verified.post(WebhookApi.ENDPOINTS).then().statusCode(400).body("errors[0].field", equalTo("url"));
        api.request()
                .contentType(ContentType.JSON)
                .body(Map.of("url", URL + "/2"))
                .put(WebhookApi.ENDPOINTS + "/" + id)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("url"));
        verified.header("Idempotency-Key", "key")
                .post(WebhookApi.ENDPOINTS)
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
    }

    @Test
    void a_failing_endpoint_that_is_resumed_again_and_again_has_one_job() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        fails(endpoint.id());

        for (int nth = 0; nth < 3; nth++) {
            webhooks.post(endpoint, "resume").then().statusCode(200);
            stored.execute("update webhook_job set done = done + 500 where endpoint_id = ?::uuid", endpoint.id());
        }

        assertThat(stored.count("select count(*) from webhook_job where endpoint_id = '" + endpoint.id() + "'"))
                .isOne();
    }

    @Test
    void resumes_at_one_moment_make_one_job() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        fails(endpoint.id());
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from webhook_endpoint where id = '" + endpoint.id() + "' for update");
            CompletableFuture<List<Integer>> resumed = CompletableFuture.supplyAsync(
                    () -> Api.atOnce(2, () -> webhooks.post(endpoint, "resume").statusCode()));
            Patience.await("two that wait", SOON)
                    .until(() -> stored.count("select count(distinct pid) from pg_locks where not granted") >= 2);
            other.rollback();
            assertThat(resumed.get(SOON.toSeconds(), TimeUnit.SECONDS)).containsOnly(200);
        }

        assertThat(stored.count("select count(*) from webhook_job where endpoint_id = '" + endpoint.id() + "'"))
                .isOne();
    }

    @Test
    void an_address_that_stays_is_not_looked_up_again() {
        String id = webhooks.create(URL).path("id");

        api.request()
                .contentType(ContentType.JSON)
                .body(Map.of("url", URL, "description", "another"))
                .put(WebhookApi.ENDPOINTS + "/" + id)
                .then()
                .statusCode(200)
                .body("description", equalTo("another"));
    }

    @Test
    void another_address_begins_without_failures_and_gets_what_waits() throws SQLException {
        String id = webhooks.create(URL).path("id");
        fails(id);

        put(id, Map.of("url", URL, "description", "another"))
                .then()
                .statusCode(200)
                .body("lastError", equalTo("HTTP 500"));
        put(id, Map.of("url", URL + "/2"))
                .then()
                .statusCode(200)
                .body("failingSince", nullValue())
                .body("lastError", nullValue());

        assertThat(stored.strings("select kind from webhook_job where endpoint_id = '" + id + "'"))
                .containsExactly("RESUME");
    }

    @Test
    void a_deleted_endpoint_is_gone() {
        String id = webhooks.create(URL).path("id");

        assertThat(Api.atOnce(
                        6,
                        () -> api.request()
                                .delete(WebhookApi.ENDPOINTS + "/" + id)
                                .statusCode()))
                .containsOnlyOnce(204)
                .containsOnly(204, 404);

        api.request().get(WebhookApi.ENDPOINTS + "/" + id).then().statusCode(404);
        assertThat(ids(api)).isEmpty();
    }

    @Test
    void another_caller_finds_no_endpoint_of_this_one() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        Api other = Api.asNewCaller();
        String path = WebhookApi.ENDPOINTS + "/" + endpoint.id();

        for (Response answer : List.of(
                other.request().get(path),
                other.request().delete(path),
                new WebhookApi(other).unverified().body(Map.of("url", URL)).put(path),
                other.request().post(path + "/pause"),
                other.request().post(path + "/resume"),
                other.request().post(path + "/rotate-secret"),
                other.request().post(path + "/test"),
                other.request().get(path + "/deliveries"))) {
            answer.then().statusCode(404).body("code", equalTo("not-found"));
        }
        assertThat(ids(other)).isEmpty();
        webhooks.get(endpoint).then().statusCode(200).body("status", equalTo("ACTIVE"));
    }

    @Test
    void an_operator_sees_all_endpoints_with_their_callers() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        Api operator = Api.as("operations", "operator");
        String path = WebhookApi.ENDPOINTS + "/" + endpoint.id();

        operator.request()
                .get(path)
                .then()
                .statusCode(200)
                .body("caller", equalTo(api.caller()))
                .body("secret", nullValue());
        operator.request().get(WebhookApi.ENDPOINTS).then().statusCode(200).body("items.id", hasItem(endpoint.id()));
    }

    @Test
    void an_operator_pauses_and_resumes_an_endpoint_and_its_owner_is_told() {
        WebhookApi.Endpoint endpoint = webhooks.created();
        String path = WebhookApi.ENDPOINTS + "/" + endpoint.id();
        Api operator = Api.as("operations", "operator");

        for (int nth = 0; nth < 2; nth++) {
            operator.request()
                    .post(path + "/pause")
                    .then()
                    .statusCode(200)
                    .body("caller", equalTo(api.caller()))
                    .body("status", equalTo("PAUSED"))
                    .body("reason", equalTo("OPERATOR"));
        }
        webhooks.post(endpoint, "pause").then().statusCode(200).body("reason", equalTo("OPERATOR"));
        webhooks.post(endpoint, "resume").then().statusCode(403).body("code", equalTo("forbidden"));
        webhooks.get(endpoint).then().body("status", equalTo("PAUSED"));
        operator.request()
                .post(path + "/resume")
                .then()
                .statusCode(200)
                .body("caller", equalTo(api.caller()))
                .body("status", equalTo("ACTIVE"));
        webhooks.post(endpoint, "pause").then().statusCode(200).body("reason", equalTo("OWNER"));

        assertThat(stored.strings(
                        "select type || ' ' || (data ->> 'reason') from webhook_endpoint_event where endpoint_id = '"
                                + endpoint.id() + "'"))
                .containsExactly("liveness.endpoint.paused OPERATOR");
    }

    @ParameterizedTest
    @CsvSource({"PAUSED, OWNER", "PAUSED, FAILING", "PAUSED, GONE", "DISABLED, GONE"})
    void an_operators_pause_binds_the_owner_of_an_endpoint_that_is_stopped_already(String status, String reason)
            throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        stored.execute(
                "update webhook_endpoint set status = ?, reason = ? where id = ?::uuid", status, reason, endpoint.id());
        Api operator = Api.as("operations", "operator");
        String path = WebhookApi.ENDPOINTS + "/" + endpoint.id();

        operator.request()
                .post(path + "/pause")
                .then()
                .statusCode(200)
                .body("status", equalTo("PAUSED"))
                .body("reason", equalTo("OPERATOR"));

        webhooks.post(endpoint, "resume").then().statusCode(403);
        webhooks.post(endpoint, "test").then().statusCode(403).body("code", equalTo("forbidden"));
        assertThat(stored.strings(
                        "select type from webhook_endpoint_event where endpoint_id = '" + endpoint.id() + "'"))
                .containsExactly("liveness.endpoint.paused");
        assertThat(stored.count("select count(*) from webhook_job where endpoint_id = '" + endpoint.id() + "'"))
                .isZero();
        operator.request().post(path + "/resume").then().statusCode(200).body("status", equalTo("ACTIVE"));
    }

    @Test
    void an_operator_sees_of_an_address_its_host_and_its_owner_all_of_it() {
        assertThat(seenByOperator("https://shop.example")).isEqualTo("https://shop.example");
        assertThat(seenByOperator("https://shop.example/")).isEqualTo("https://shop.example/");
        assertThat(seenByOperator("https://shop.example?key")).isEqualTo("https://shop.example/…");
        assertThat(seenByOperator(StubReceiver.at("/secret/path"))).isEqualTo(StubReceiver.at("/…"));

        String id = webhooks.create(URL + "?key=of-the-shop").path("id");
        Api operator = Api.as("operations", "operator");
        Api both = Api.as(api.caller(), "liveness+operator");

        operator.request()
                .get(WebhookApi.ENDPOINTS + "/" + id)
                .then()
                .statusCode(200)
                .body("url", equalTo("https://shop.example/…"));
        for (Api owner : List.of(api, both)) {
            owner.request()
                    .get(WebhookApi.ENDPOINTS + "/" + id)
                    .then()
                    .statusCode(200)
                    .body("url", equalTo(URL + "?key=of-the-shop"));
        }
    }

    private String seenByOperator(String url) {
        String id = webhooks.create(url).path("id");
        return Api.as("operations", "operator")
                .request()
                .get(WebhookApi.ENDPOINTS + "/" + id)
                .path("url");
    }

    @Test
    void endpoints_are_listed_by_caller_status_and_health() throws SQLException {
        String well = webhooks.create(URL).path("id");
        String paused = webhooks.create(URL).path("id");
        String fails = webhooks.create(URL).path("id");
        api.request().post(WebhookApi.ENDPOINTS + "/" + paused + "/pause");
        fails(fails);
        new WebhookApi(Api.asNewCaller()).create(URL);

        for (Api by : List.of(api, Api.as("operations", "operator"))) {
            assertThat(listed(by, Map.of())).containsExactly(fails, paused, well);
            assertThat(listed(by, Map.of("status", "PAUSED"))).containsExactly(paused);
            assertThat(listed(by, Map.of("status", "ACTIVE"))).containsExactly(fails, well);
            assertThat(listed(by, Map.of("healthy", "true"))).containsExactly(well);
            assertThat(listed(by, Map.of("healthy", "false"))).containsExactly(fails, paused);
            assertThat(listed(by, Map.of("healthy", "false", "status", "ACTIVE")))
                    .containsExactly(fails);
        }
    }

    @Test
    void an_operator_sees_how_many_deliveries_are_pending_and_failed() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause");
        webhooks.pending(endpoint);
        webhooks.pending(endpoint);
        hasFailed(endpoint.id(), 120);
        Api operator = Api.as("operations", "operator");

        operator.request()
                .get(WebhookApi.ENDPOINTS + "/" + endpoint.id())
                .then()
                .statusCode(200)
                .body("pending", equalTo(2))
                .body("failed", equalTo(100));
        operator.request()
                .queryParam("caller", api.caller())
                .get(WebhookApi.ENDPOINTS)
                .then()
                .body("items.pending", equalTo(List.of(2)))
                .body("items.failed", equalTo(List.of(100)));
        webhooks.get(endpoint).then().body("pending", nullValue()).body("failed", nullValue());
    }

    @Test
    void a_caller_has_at_most_as_many_endpoints_as_is_configured() {
        for (int nth = 0; nth < 10; nth++) {
            webhooks.create(URL).then().statusCode(201);
        }

        webhooks.create(URL).then().statusCode(409).body("code", equalTo("endpoint-limit-reached"));

        String last = ids(api).get(0);
        api.request().delete(WebhookApi.ENDPOINTS + "/" + last).then().statusCode(204);
        webhooks.create(URL).then().statusCode(201);
    }

    @Test
    void pages_have_each_endpoint_once_newest_first() {
        List<String> made = new ArrayList<>();
        for (int nth = 0; nth < 5; nth++) {
            made.add(0, webhooks.create(URL).path("id"));
        }
        assertThat(api.<String>allPages(WebhookApi.ENDPOINTS, 2, "items.id")).isEqualTo(made);
    }

    private Response put(String id, Map<String, ?> request) {
        return webhooks.unverified().body(request).put(WebhookApi.ENDPOINTS + "/" + id);
    }

    /** The caller's endpoints that fit a filter. */
    private List<String> listed(Api by, Map<String, String> filter) {
        return by.request()
                .queryParam("caller", api.caller())
                .queryParams(filter)
                .get(WebhookApi.ENDPOINTS)
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    private void fails(String endpoint) throws SQLException {
        stored.execute(
                "update webhook_endpoint set failing_since = now(), last_error = 'HTTP 500' where id = ?",
                UUID.fromString(endpoint));
    }

    private void hasFailed(String endpoint, int deliveries) throws SQLException {
        stored.execute(
                "insert into webhook_delivery (endpoint_id, event_id, seq, type, at, data, status, ended_at)"
                        + " select ?, gen_random_uuid(), 0, 'liveness.endpoint.test', now(), '{}', 'FAILED', now()"
                        + " from generate_series(1, ?)",
                UUID.fromString(endpoint),
                deliveries);
    }

    private static List<String> ids(Api of) {
        return of.request().get(WebhookApi.ENDPOINTS).path("items.id");
    }
}
