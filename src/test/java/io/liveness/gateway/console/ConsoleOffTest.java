package io.liveness.gateway.console;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console is off without a configuration. */
@QuarkusTest
class ConsoleOffTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/",
                "/console/charges",
                "/console/v1/charges",
                "/console/me",
                "/console/signed-out",
                "/console/static/app.js",
                "/console/sign-out"
            })
    void its_addresses_answer_404(String path) {
        given().redirects().follow(false).get(path).then().statusCode(404).body("code", equalTo("not-found"));
    }

    @Test
    void a_cookie_named_as_a_sessions_is_no_token() {
        given().redirects()
                .follow(false)
                .cookie("q_session_console", "anything")
                .get(Api.CHARGES)
                .then()
                .statusCode(401)
                .body("code", equalTo("unauthenticated"));
    }

    @Test
    void a_caller_may_be_named_as_the_console_is() {
        Api.as("console-test", "finance")
                .request()
                .get("/v1/budgets/console")
                .then()
                .statusCode(404);
    }
}
