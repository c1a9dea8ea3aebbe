package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.FreePort;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No connection can be made, or the budget is spent: no fee was taken, and the same key may be sent again. */
@QuarkusTest
class VendorAwayTest {

    private final Api api = Api.asNewCaller();

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @BeforeEach
    void the_vendors_address_leads_to_a_closed_port() {
        URI closed = URI.create("http://localhost:" + FreePort.find());
        QuarkusMock.installMockForType(
                TestConfig.of("the-app", "the-secret")
                        .jumdata(
                                QuarkusRestClientBuilder.newBuilder()
                                        .baseUri(closed)
                                        .build(VendorApi.Init.class),
                                QuarkusRestClientBuilder.newBuilder()
                                        .baseUri(closed)
                                        .build(VendorApi.Result.class)),
                Jumdata.class);
    }

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

    private static String refused(ValidatableResponse answer) {
        return answer.statusCode(503)
                .header("Retry-After", Integer::parseInt, greaterThanOrEqualTo(1))
                .body("code", equalTo("vendor-unavailable"))
                .body("vendorCode", nullValue())
                .extract()
                .path("sessionId");
    }
}
