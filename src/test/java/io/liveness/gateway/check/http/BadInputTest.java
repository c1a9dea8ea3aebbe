package io.liveness.gateway.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid requests beyond the schemas of the contract, which ContractFuzzTest breaks one by one: a 4xx that names the field, and no trace. */
@QuarkusTest
class BadInputTest {

    private static final String URL = "\"returnUrl\":\"https://shop.example/done\"";

    private final Api api = Api.asNewCaller();
    private long callsBefore;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @BeforeEach
    void countCalls() {
        callsBefore = sandbox.books().initCalls() + sandbox.books().resultCalls();
    }

    @AfterEach
    void nothing_is_stored_and_the_vendor_is_not_called() {
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isZero();
        assertThat(sandbox.books().initCalls() + sandbox.books().resultCalls()).isEqualTo(callsBefore);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("returnUrl", returnUrl(long257("https://shop.example/"))),
                Arguments.of("returnUrl", returnUrl("https://")),
                Arguments.of("returnUrl", returnUrl("ftp://shop.example")),
                Arguments.of("actions", with("\"actionStyle\":\"CUSTOM\"")),
                Arguments.of("actions", with("\"actionStyle\":\"CUSTOM\",\"actions\":[]")),
                Arguments.of("actions", with("\"actions\":[\"NodHead\"]")),
                Arguments.of("actions", with("\"actionStyle\":\"SILENT\",\"actions\":[\"NodHead\"]")),
                Arguments.of("actions[1]", with("\"actionStyle\":\"CUSTOM\",\"actions\":[\"NodHead\",null]")),
                Arguments.of("actionMutex", with("\"actionMutex\":\"true\"")),
                Arguments.of("title", with("\"title\":\"\\ud83d\"")),
                Arguments.of("title", with("\"title\":\"\\ude00\\ud83d\"")),
                Arguments.of("reference", with("\"reference\":\"\\udfff\"")),
                Arguments.of("costCentre", with("\"costCentre\":\"marketing eu\"")),
                Arguments.of("costCentre", with("\"costCentre\":\"=1+1\"")),
                Arguments.of("metadata", with("\"metadata\":{\"\":\"v\"}")),
                Arguments.of("metadata", with("\"metadata\":{\"" + "k".repeat(65) + "\":\"v\"}")),
                Arguments.of("metadata", with("\"metadata\":{\"k\\u0000\":\"v\"}")),
                Arguments.of("metadata", with("\"metadata\":" + metadata(17))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("bodies")
    void a_body_that_breaks_a_rule_is_refused_by_field(String field, String body) {
        Response answer = api.open(UUID.randomUUID().toString(), body);

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.<String>path("code")).isEqualTo("invalid-request");
        assertThat(answer.jsonPath().getList("errors.field", String.class)).contains(field);
        assertThat(answer.asString()).doesNotContain("io.liveness", "java.", "jackson", "Exception");
    }

    @Test
    void all_broken_rules_are_listed_at_once() {
        api.open("key", "{\"returnUrl\":\"x\",\"title\":\"\\u0000\",\"actions\":[\"NodHead\"]}")
                .then()
                .statusCode(400)
                .body("errors.field", equalTo(java.util.List.of("actions", "returnUrl", "title")));
    }

    @Test
    void an_unknown_name_is_refused_with_those_that_are_known() {
        api.open("key", with("\"actionStyle\":\"head_and_face\""))
                .then()
                .statusCode(400)
                .body("errors[0].message", allOf(startsWith("must be one of ["), containsString("HEAD_AND_FACE")));
    }

    @Test
    void a_plus_that_the_address_made_a_blank_is_named() {
        api.request()
                .urlEncodingEnabled(false)
                .get(Api.SESSIONS + "?createdFrom=2026-01-31T08:00:00+08:00")
                .then()
                .statusCode(400)
                .body("errors[0].message", endsWith("in an address + is written %2B"));
    }

    @Test
    void a_missing_key_has_a_separate_code() {
        api.request()
                .contentType(ContentType.JSON)
                .body("{" + URL + "}")
                .post(Api.SESSIONS)
                .then()
                .statusCode(400)
                .body("code", equalTo("idempotency-key-missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "not-a-uuid", "1-1-1-1-1", "01a20e70-ee0e-7449-8b6f-e9321188cda6x"})
    void a_bad_id_is_refused_by_name(String id) {
        for (Response answer : java.util.List.of(
                api.get(id),
                api.check(id),
                api.request().get(Api.SESSIONS + "/" + id + "/events"),
                api.request().get(Api.SESSIONS + "/" + id + "/data-events"),
                api.request().get(Api.SESSIONS + "/" + id + "/deliveries"))) {
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.jsonPath().getList("errors.field", String.class)).containsExactly("id");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "createdFrom, 0001-01-01T00:00:00Z",
        "createdTo, +999999999-12-31T23:59:59Z",
        // The next time is in the year 10000 in UTC.
        "createdTo, 9999-12-31T20:00:00-05:00",
        "pageToken, abc",
        "pageToken, ****",
    })
    void a_bad_parameter_of_the_list_is_refused_by_name(String parameter, String value) {
        api.request()
                .queryParam(parameter, value)
                .get(Api.SESSIONS)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-request"))
                .body("errors[0].field", equalTo(parameter));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/liveness-sessions?pageSize=1&staus=PASSED, staus,"
                + " '; known are [caller, createdFrom, createdTo, pageSize, pageToken, reference, status]'",
        "GET, /v1/liveness-sessions/01a20e70-ee0e-7449-8b6f-e9321188cda6?wait=1, wait, ; known are [waitSeconds]",
        "GET, /v1/events?pagesize=1, pagesize, '; known are [after, from, pageSize, sessionId, type, waitSeconds]'",
        "POST, /v1/liveness-sessions?dryRun=true, dryRun, ''",
        "POST, /v1/webhook-endpoints?verfiy=false, verfiy, ; known are [verify]",
        "DELETE, /v1/liveness-sessions/01a20e70-ee0e-7449-8b6f-e9321188cda6/face-image?force, force, ''",
    })
    void a_parameter_that_the_operation_does_not_know_is_refused_by_name(
            String method, String target, String name, String known) {
        api.request()
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", "key")
                .body(method.equals("POST") ? with("\"url\":\"https://hooks.example\"") : "")
                .urlEncodingEnabled(false)
                .request(method, target)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-request"))
                .body("errors.field", contains(name))
                .body("errors[0].message", equalTo("is not known here" + known));
    }

    private static String with(String fields) {
        return "{" + URL + "," + fields + "}";
    }

    private static String returnUrl(String url) {
        return "{\"returnUrl\":\"" + url + "\"}";
    }

    private static String long257(String start) {
        return start + "a".repeat(257 - start.length());
    }

    private static String metadata(int entries) {
        return IntStream.range(0, entries)
                .mapToObj(n -> "\"k" + n + "\":\"v\"")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
