package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The data of a request stays with it while it waits, although no step copies it. */
@QuarkusTest
class ContextTest {

    private final Api api = Api.asNewCaller();

    @Test
    void what_is_logged_after_database_and_vendor_have_answered_names_the_request() {
        String id = UUID.randomUUID().toString();
        try (LogRecorder log = LogRecorder.start("%X{requestId} %s")) {
            api.request()
                    .header(RequestId.HEADER, id)
                    .header("Idempotency-Key", id)
                    .contentType(ContentType.JSON)
                    .body(Api.scenario("pass"))
                    .post(Api.SESSIONS)
                    .then()
                    .statusCode(201)
                    .header(RequestId.HEADER, id);

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(id + " session.opened sessionId=")
                            .contains(" caller=" + api.caller() + " outcome=accepted"));
        }
    }
}
