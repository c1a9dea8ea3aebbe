package io.liveness.gateway.platform.tracing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.MultiMap;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A trace leads from the caller through the gateway to the vendor and the database, and holds no secret. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class TracingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String MARK = "marked-value";
    private static final String FACE = "/lifecheck/v2-1/face/";
    private static final String CALLERS_SPAN = "00f067aa0ba902b7";

    private final Api api = Api.asNewCaller();
    private final String trace = newTrace();

    @Inject
    RecordedSpans spans;

    @Inject
    VendorHeaders vendor;

    @Test
    void a_callers_trace_goes_on_to_the_vendor_and_the_database() {
        open().then().statusCode(201);

        SpanData request = awaited(SpanKind.SERVER, Api.SESSIONS);
        assertThat(request.getParentSpanId()).isEqualTo(CALLERS_SPAN);
        List<SpanData> calls = spans.of(trace).stream()
                .filter(span -> span.getKind() == SpanKind.CLIENT)
                .toList();
        assertThat(calls).allSatisfy(call -> assertThat(call.getParentSpanId()).isEqualTo(request.getSpanId()));
        assertThat(calls.stream().filter(call -> text(call).contains("insert into liveness_session")))
                .as("statements")
                .isNotEmpty();
        assertThat(vendorsHeaders())
                .anySatisfy(headers -> assertThat(calls)
                        .anySatisfy(call -> assertThat(headers.get("traceparent"))
                                .isEqualTo("00-" + trace + "-" + call.getSpanId() + "-01")));
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void a_callers_baggage_is_not_forwarded() {
        open().then().statusCode(201);

        assertThat(vendorsHeaders())
                .isNotEmpty()
                .allSatisfy(headers -> assertThat(headers.contains("baggage")).isFalse());
    }

    @Test
    void log_lines_and_problems_name_the_trace() {
        try (LogRecorder log = LogRecorder.start("%X{traceId} %s")) {
            open().then().statusCode(201);

            assertThat(log.lines()).anySatisfy(line -> assertThat(line).startsWith(trace + " session.opened"));
        }
        traced(api.request())
                .get(Api.SESSIONS + "/" + UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("traceId", equalTo(trace));
        traced(given()).get(Api.SESSIONS).then().statusCode(401).body("traceId", equalTo(trace));
    }

    @Test
    void no_span_holds_a_token_an_address_of_a_check_or_a_face_or_what_a_caller_has_sent() {
        Response session = open();
        String id = session.path("id");
        String token = session.path("token");
        given().redirects()
                .follow(false)
                .header("traceparent", traceparent())
                .queryParam("token", token)
                .queryParam("passed", MARK)
                .get("/v1/return/" + id)
                .then()
                .statusCode(303);
        traced(api.request()).post(Api.SESSIONS + "/" + id + "/check").then().body("status", equalTo("PASSED"));
        traced(api.request())
                .get(Api.SESSIONS + "/" + id + "/face-image")
                .then()
                .statusCode(200);
        traced(api.request())
                .contentType(ContentType.JSON)
                .body("{\"token\":\"" + token + "\"}")
                .post(Api.SESSIONS + "/lookup")
                .then()
                .statusCode(200);
        traced(api.request())
                .queryParam("reference", MARK)
                .get(Api.SESSIONS)
                .then()
                .statusCode(200);
        traced(api.request())
                .queryParam("pageSize", MARK)
                .get(Api.SESSIONS)
                .then()
                .statusCode(400);
        awaited(SpanKind.SERVER, "/face-image");
        awaited(SpanKind.SERVER, "/lookup");

        assertThat(spans.of(trace).stream().filter(span -> !isOfTheVendor(span)).map(TracingTest::text))
                .hasSizeGreaterThan(10)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(token, session.<String>path("checkUrl"), FACE, MARK, api.token(), "token="));
        assertThat(spans.of(trace)).allSatisfy(span -> {
            assertThat(span.getEvents()).isEmpty();
            assertThat(clientAddress(span)).isNullOrEmpty();
        });
    }

    private Response open() {
        return traced(api.request())
                .header("Idempotency-Key", UUID.randomUUID())
                .contentType(ContentType.JSON)
                .body(
                        "{\"returnUrl\":\"https://shop.example/done?order=%1$s\",\"title\":\"sandbox:pass\",\"reference\":\"%1$s\",\"metadata\":{\"note\":\"%1$s\"}}"
                                .formatted(MARK))
                .post(Api.SESSIONS);
    }

    private RequestSpecification traced(RequestSpecification request) {
        return request.header("traceparent", traceparent()).header("baggage", "caller=" + MARK);
    }

    private String traceparent() {
        return "00-" + trace + "-" + CALLERS_SPAN + "-01";
    }

    private List<MultiMap> vendorsHeaders() {
        return vendor.seen().stream()
                .filter(headers -> String.valueOf(headers.get("traceparent")).contains(trace))
                .toList();
    }

    private static String clientAddress(SpanData span) {
        return span.getAttributes().get(AttributeKey.stringKey("client.address"));
    }

    /** A span ends a little after its answer was sent. */
    private SpanData awaited(SpanKind kind, String part) {
        return Patience.await("the span of " + part, PATIENCE)
                .until(
                        () -> spans.of(trace).stream()
                                .filter(span ->
                                        span.getKind() == kind && text(span).contains(part))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The sandbox is in this process, and its spans are the vendor's own. */
    private static boolean isOfTheVendor(SpanData span) {
        return span.getKind() == SpanKind.SERVER && text(span).contains("/lifecheck/");
    }

    /** All that is sent of a span. */
    private static String text(SpanData span) {
        return Stream.of(
                        span.getName(),
                        span.getAttributes(),
                        span.getEvents(),
                        span.getLinks(),
                        span.getStatus(),
                        span.getResource().getAttributes())
                .map(String::valueOf)
                .reduce("", (all, one) -> all + "\n" + one);
    }
}
