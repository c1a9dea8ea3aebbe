package io.liveness.gateway.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.contains;

import io.liveness.gateway.notify.WebhookApi;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OptionsOn.class)
class FindTest {

    private final Api api = Api.asNewCaller();
    private final Api operator = Api.as("operations", "operator");
    private final Api finance = Api.as("books", "finance");
    private final String reference = "order-" + UUID.randomUUID();

    @Inject
    Stored stored;

    @Test
    void a_session_is_found_by_its_id_its_task_number_and_its_reference() {
        String id = opened(api);
        String taskNo = api.get(id).path("charge.taskNo");

        for (String text : List.of(id, id.toUpperCase(), taskNo, reference)) {
            for (Api reader : List.of(operator, finance)) {
                assertThat(found(reader, text))
                        .as(text)
                        .singleElement()
                        .satisfies(hit -> assertThat(hit)
                                .containsEntry("type", "SESSION")
                                .containsEntry("id", id)
                                .containsEntry("caller", api.caller())
                                .containsEntry("reference", reference)
                                .containsEntry("taskNo", taskNo)
                                .containsOnlyKeys("type", "id", "caller", "reference", "taskNo", "at"));
            }
        }
        assertThat(found(operator, reference.substring(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"code-601", "charge-false"})
    void a_session_without_a_fee_is_found_by_its_task_number(String scenario) {
        Response open = api.open(scenario);
        String id = Optional.ofNullable(open.<String>path("sessionId")).orElseGet(() -> open.path("id"));
        String taskNo = api.get(id).path("charge.taskNo");

        assertThat(found(operator, taskNo)).extracting("id", "taskNo").containsExactly(tuple(id, taskNo));
    }

    @Test
    void a_session_is_found_by_the_task_number_of_an_answer_that_came_too_late() throws SQLException {
        String id = opened(api);
        String taskNo = "late-" + UUID.randomUUID();
        stored.execute(
                "insert into session_event (id, session_id, type, at, detail)"
                        + " values (gen_random_uuid(), ?, 'CONTRADICTED', now(), jsonb_build_object('taskNo', ?::text))",
                UUID.fromString(id),
                taskNo);

        assertThat(found(operator, taskNo)).extracting("id").containsExactly(id);
    }

    @Test
    void a_session_whose_reference_is_its_task_number_is_found_once() throws SQLException {
        String id = opened(api);
        String taskNo = api.get(id).path("charge.taskNo");
        stored.execute("update liveness_session set reference = task_no where id = ?", UUID.fromString(id));

        assertThat(found(operator, taskNo)).extracting("id").containsExactly(id);
    }

    @Test
    void one_reference_of_several_callers_finds_a_session_of_each_newest_first() {
        Api other = Api.asNewCaller();
        String first = opened(api);
        String second = opened(other);

        assertThat(found(operator, reference))
                .extracting("id", "caller")
                .containsExactly(tuple(second, other.caller()), tuple(first, api.caller()));
    }

    @Test
    void what_is_found_by_an_id_and_by_a_reference_stands_newest_first_together() {
        String first = opened(api);
        String second = opened(api, first);

        assertThat(found(operator, first)).extracting("id").containsExactly(second, first);
    }

    @Test
    void endpoints_and_their_deliveries_are_found_by_operators_alone() throws SQLException {
        WebhookApi webhooks = new WebhookApi(api);
        WebhookApi.Endpoint endpoint = webhooks.created();
        String delivery = webhooks.post(endpoint, "test").path("id");

        assertThat(found(operator, endpoint.id()))
                .extracting("type", "id", "caller")
                .containsExactly(tuple("WEBHOOK_ENDPOINT", endpoint.id(), api.caller()));
        assertThat(found(operator, delivery))
                .extracting("type", "id", "endpointId", "caller")
                .containsExactly(tuple("WEBHOOK_DELIVERY", delivery, endpoint.id(), api.caller()));
        UUID ended = UUID.randomUUID();
        stored.execute(
                "insert into webhook_delivery (endpoint_id, event_id, seq, type, at, data, status, ended_at)"
                        + " values (?, ?, 1, 'liveness.session.settled', now(), '{}', 'FAILED', now())",
                UUID.fromString(endpoint.id()),
                ended);
        assertThat(found(operator, ended.toString())).extracting("type").containsExactly("WEBHOOK_DELIVERY");
        assertThat(found(finance, endpoint.id())).isEmpty();
        assertThat(found(finance, delivery)).isEmpty();
    }

    @Test
    void statements_are_found_by_finance_alone() {
        String statement = finance.request()
                .contentType("text/csv")
                .queryParam("dryRun", "true")
                .body("taskNo,time,status,amount\nT1,2026-01-31 08:00:00,CHARGED,0.80\n")
                .post("/v1/statements")
                .path("id");

        assertThat(found(finance, statement)).extracting("type", "id").containsExactly(tuple("STATEMENT", statement));
        assertThat(found(operator, statement)).isEmpty();
    }

    @Test
    void a_text_that_is_missing_empty_or_too_long_is_refused_by_name() {
        operator.request().get("/v1/find").then().statusCode(400).body("errors.field", contains("text"));
        for (String text : List.of("", "x".repeat(65))) {
            find(operator, text).then().statusCode(400).body("errors.field", contains("text"));
        }
    }

    private String opened(Api caller) {
        return opened(caller, reference);
    }

    private static String opened(Api caller, String reference) {
        return caller.open(
                        UUID.randomUUID().toString(),
                        "{\"returnUrl\":\"wx.history\",\"title\":\"sandbox:pass\",\"reference\":\"" + reference + "\"}")
                .path("id");
    }

    private static Response find(Api reader, String text) {
        return reader.request().queryParam("text", text).get("/v1/find");
    }

    private static List<Map<String, Object>> found(Api reader, String text) {
        return find(reader, text).then().statusCode(200).extract().path("items");
    }
}
