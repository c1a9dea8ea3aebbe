package io.liveness.gateway.platform.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The default configuration. */
@QuarkusTest
class TracingOffTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Api api = Api.asNewCaller();

    @Inject
    RecordedSpans spans;

    @Inject
    VendorHeaders vendor;

    @Test
    void nothing_is_traced_and_nothing_of_a_callers_trace_goes_on() {
        int calls = vendor.seen().size();

        traced().header("Idempotency-Key", UUID.randomUUID())
                .contentType(ContentType.JSON)
                .body(Api.scenario("pass"))
                .post(Api.SESSIONS)
                .then()
                .statusCode(201);
        traced().get(Api.SESSIONS + "/" + UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("traceId", nullValue());

        assertThat(spans.all()).isEmpty();
        assertThat(vendor.seen().subList(calls, vendor.seen().size()))
                .isNotEmpty()
                .allSatisfy(
                        headers -> assertThat(headers.contains("traceparent")).isFalse());
    }

    private RequestSpecification traced() {
        return api.request().header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
    }
}
