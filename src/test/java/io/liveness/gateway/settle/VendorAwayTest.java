package io.liveness.gateway.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.FreePort;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** No connection can be made, or the budget is spent: no fee was taken, and the same key may be sent again. */
@QuarkusTest
@TestProfile(VendorAwayTest.ClosedPort.class)
@QuarkusTestResource(GatewayTestResource.class)
class VendorAwayTest {

    /** The vendor's address leads to a closed port. */
    public static final class ClosedPort implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            String closed = "http://localhost:" + FreePort.find();
            return Map.of("quarkus.rest-client.\"jumdata-init\".url", closed, "jumdata.calls-per-second", "5");
        }
    }

    private final Api api = Api.asNewCaller();

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Test
    void a_vendor_that_cannot_be_reached_is_a_retryable_rejection() {
        String id = refused(api.open("pass").then());

        api.get(id).then().body("status", equalTo("REJECTED")).body("charge.status", equalTo("NONE"));
        assertThat(stored.ledger(id)).isEmpty();
    }

    @Test
    void a_budget_spent_for_longer_than_a_second_is_a_retryable_rejection() throws SQLException {
        stored.spendBudget();
        long calls = sandbox.books().initCalls();

        String id = refused(api.open("pass").then());

        api.get(id).then().body("status", equalTo("REJECTED"));
        assertThat(stored.ledger(id)).isEmpty();
        assertThat(sandbox.books().initCalls()).isEqualTo(calls);
        stored.fillBudget();
    }

    @Test
    void a_check_without_budget_answers_with_the_session_as_it_is() throws SQLException {
        String id = refused(api.open("pass").then());
        stored.spendBudget();

        api.check(id).then().statusCode(200).body("id", equalTo(id)).body("verdict", nullValue());

        stored.fillBudget();
    }

    @Test
    void each_try_with_the_key_is_another_attempt_at_the_same_session() {
        String key = UUID.randomUUID().toString();
        String id = refused(api.open(key, Api.scenario("pass")).then());

        String again = refused(api.open(key, Api.scenario("pass")).then());

        assertThat(again).isEqualTo(id);
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "REJECTED", "OPENING", "REJECTED");
    }

    private static String refused(io.restassured.response.ValidatableResponse answer) {
        return answer.statusCode(503)
                .header("Retry-After", Integer::parseInt, greaterThanOrEqualTo(1))
                .body("code", equalTo("vendor-unavailable"))
                .body("vendorCode", nullValue())
                .extract()
                .path("sessionId");
    }
}
