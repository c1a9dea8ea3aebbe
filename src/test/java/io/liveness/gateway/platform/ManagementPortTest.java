package io.liveness.gateway.platform;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Management;
import io.liveness.gateway.testsupport.contract.KeepsTheContract;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port is separate from the API's port. */
@QuarkusTest
class ManagementPortTest {

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/q/openapi"})
    void operations_read_it_at_their_own_port_and_callers_meet_nothing(String path) {
        Management.request().get(path).then().statusCode(200);

        given().filter(new KeepsTheContract()).get(path).then().statusCode(404).body("code", equalTo("not-found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q", "/q/", "/q/info", "/q/swagger-ui/", "/q/dev-ui", "/q/arc", "/health", "/metrics"})
    void there_is_nothing_else_at_the_apis_port(String path) {
        given().filter(new KeepsTheContract()).get(path).then().statusCode(404).body("code", equalTo("not-found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Api.SESSIONS, "/sandbox/books", "/"})
    void the_api_is_not_at_the_port_of_operations(String path) {
        Management.request().get(path).then().statusCode(404);
    }
}
