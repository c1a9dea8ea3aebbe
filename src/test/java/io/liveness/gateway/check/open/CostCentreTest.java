package io.liveness.gateway.check.open;

import static io.liveness.gateway.testsupport.LowLimits.COST_CENTRE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Cost centres, on a gateway that allows certain ones only. */
@QuarkusTest
@TestProfile(LowLimits.class)
class CostCentreTest {

    private final Api api = Api.asNewCaller();
    private final String key = UUID.randomUUID().toString();

    @Inject
    Stored stored;

    @Test
    void a_session_keeps_the_cost_centre_that_it_was_opened_for() {
        String id = open(COST_CENTRE).then().statusCode(201).extract().path("id");
        api.check(id);

        api.get(id).then().body("status", equalTo("PASSED")).body("costCentre", equalTo(COST_CENTRE));
        api.request().get(Api.SESSIONS).then().body("items.costCentre", contains(COST_CENTRE));
    }

    @Test
    void the_same_key_with_another_cost_centre_is_another_request() {
        String id = open(COST_CENTRE).path("id");

        open(COST_CENTRE).then().statusCode(200).body("id", equalTo(id));
        assertThat(List.of(open("finance"), api.open(key, Api.scenario("pass"))))
                .allSatisfy(answer -> assertThat(answer.<String>path("code")).isEqualTo("idempotency-key-reused"));
    }

    @Test
    void one_that_is_not_configured_is_refused_without_a_word_of_the_others() {
        Response answer = open("sales");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.<List<String>>path("errors.field")).containsExactly("costCentre");
        assertThat(answer.asString()).doesNotContain(COST_CENTRE);
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isZero();
    }

    private Response open(String costCentre) {
        return open("pass", costCentre);
    }

    private Response open(String scenario, String costCentre) {
        return api.open(key, Api.scenario(scenario).replace("}", ",\"costCentre\":\"" + costCentre + "\"}"));
    }
}
