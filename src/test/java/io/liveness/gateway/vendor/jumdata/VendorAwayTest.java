package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.FreePort;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A missing connection or a spent budget means that no fee was taken, and the same key may be sent again. */
@QuarkusTest
class VendorAwayTest {

    private final Api api = Api.asNewCaller();

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Inject
    MeterRegistry registry;

    @BeforeEach
    void the_vendors_address_leads_to_a_closed_port() {
        URI closed = URI.create("http://localhost:" + FreePort.find());
        QuarkusMock.installMockForType(
                TestConfig.of("the-app", "the-secret")
                        // A call fits into the time that an open has.
                        .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1))
                        .jumdata(
                                QuarkusRestClientBuilder.newBuilder()
                                        .baseUri(closed)
                                        .build(Jumdata.Fresh.class),
                                QuarkusRestClientBuilder.newBuilder()
                                        .baseUri(closed)
                                        .build(Jumdata.Kept.class)),
                Jumdata.class);
    }

    @Test
    void a_vendor_that_cannot_be_reached_is_a_retryable_rejection() {
        String id = refused(api.open("pass").then());

        api.get(id).then().body("status", equalTo("REJECTED")).body("charge.status", equalTo("NONE"));
        assertThat(stored.ledger(id)).isEmpty();
    }

    @Test
    void opens_without_budget_store_nothing_and_their_keys_stay_good() throws SQLException {
        stored.spendBudget();
        try {
            // The first open learns of the spent budget after its intent is stored, the next one before.
            String late = usePlacesTakenAhead();
            assertThat(stored.tablesWith(late)).isEmpty();
            long calls = sandbox.books().initCalls();
            long events = stored.count("select count(*) from session_event");
            double refused = refusedOpens();

            api.open("without-budget", Api.scenario("pass"))
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "1")
                    .body("code", equalTo("opens-paused"))
                    .body("detail", startsWith("The gateway's budget of calls to the vendor is spent"))
                    .body("sessionId", nullValue());

            assertThat(stored.tablesWith("without-budget")).isEmpty();
            assertThat(stored.count("select count(*) from session_event")).isEqualTo(events);
            assertThat(refusedOpens()).isEqualTo(refused + 1);
            assertThat(sandbox.books().initCalls()).isEqualTo(calls);
        } finally {
            stored.fillBudget();
        }
        refused(openedWithBudget("without-budget").then());
    }

    /** A replica that has learnt that the budget is spent goes by it for a moment. */
    private Response openedWithBudget(String key) {
        Patience.await("the budget to be known again", Duration.ofSeconds(10))
                .until(() -> !"opens-paused"
                        .equals(api.open("until-known", Api.scenario("pass")).path("code")));
        return api.open(key, Api.scenario("pass"));
    }

    /** @return the key of the first open without a place */
    private String usePlacesTakenAhead() {
        for (int open = 0; open < 1_000; open++) {
            String key = "ahead-" + open;
            Response answer = api.open(key, Api.scenario("pass"));
            answer.then().statusCode(503);
            if (answer.path("code").equals("opens-paused")) {
                return key;
            }
        }
        throw new AssertionError("The budget is not spent");
    }

    @Test
    void a_known_key_is_answered_without_budget_as_ever_and_a_refused_one_is_left_as_it_is() throws SQLException {
        String id = refused(api.open("known", Api.scenario("pass")).then());
        List<String> before = session(id);
        stored.spendBudget();
        try {
            usePlacesTakenAhead();

            api.open("known", Api.scenario("pass")).then().statusCode(503).body("code", equalTo("opens-paused"));
            api.open("known", Api.scenario("fail")).then().statusCode(422);
        } finally {
            stored.fillBudget();
        }

        assertThat(session(id)).isEqualTo(before);
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "REJECTED");
        refused(openedWithBudget("known").then());
    }

    private List<String> session(String id) {
        return stored.strings(
                "select row(s.status, refusal_passing, refusal_code, task_no, updated_at, unhashed_since)::text"
                        + " from liveness_session s join session_end e on e.session_id = s.id where id = ?",
                UUID.fromString(id));
    }

    private double refusedOpens() {
        return registry.get("liveness.sessions.opened")
                .tag("outcome", "refused")
                .counter()
                .count();
    }

    @Test
    void a_check_without_budget_answers_with_the_session_as_it_is() throws SQLException {
        String id = refused(api.open("pass").then());
        stored.spendBudget();
        try {
            api.check(id).then().statusCode(200).body("id", equalTo(id)).body("verdict", nullValue());
        } finally {
            stored.fillBudget();
        }
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
