package io.liveness.gateway.session;

import static io.restassured.RestAssured.given;

import io.liveness.gateway.testsupport.GatewayTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class OpenSessionTest {

    @Test
    void probe() {
        String token = given().contentType("application/json")
                .body("{}")
                .post("/sandbox/tokens")
                .then()
                .log()
                .all()
                .extract()
                .path("accessToken");
        String id = given().auth()
                .oauth2(token)
                .contentType("application/json")
                .header("Idempotency-Key", "k1")
                .body(
                        "{\"returnUrl\":\"https://shop.example/done\",\"title\":\"sandbox:pass\",\"metadata\":{\"a\":\"b\"}}")
                .post("/v1/liveness-sessions")
                .then()
                .log()
                .all()
                .extract()
                .path("id");
        given().auth()
                .oauth2(token)
                .post("/v1/liveness-sessions/" + id + "/check")
                .then()
                .log()
                .all();
        given().auth().oauth2(token).get("/v1/liveness-sessions").then().log().all();
        given().auth()
                .oauth2(token)
                .get("/v1/liveness-sessions/" + id + "/events")
                .then()
                .log()
                .all();
        given().auth().oauth2(token).get("/v1/nothing").then().log().all();
        given().get("/v1/nothing").then().log().all();
        given().get("/nothing").then().log().all();
        given().auth().oauth2("abc").get("/v1/nothing").then().log().all();
        given().auth()
                .oauth2(token)
                .delete("/v1/liveness-sessions")
                .then()
                .log()
                .all();
        given().auth()
                .oauth2(token)
                .contentType("text/plain")
                .body("x")
                .post("/v1/liveness-sessions")
                .then()
                .log()
                .all();
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .header("Idempotency-Key", "k2")
                .body("{\"returnUrl\":null,\"x\":1}")
                .post("/v1/liveness-sessions")
                .then()
                .log()
                .all();
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .header("Idempotency-Key", "k2")
                .body("{\"returnUrl\":\"https://a.b/c\",\"title\":null}")
                .post("/v1/liveness-sessions")
                .then()
                .log()
                .all();
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .header("Idempotency-Key", "k3")
                .body(
                        "{\"returnUrl\":\"httpsx\",\"title\":\"a\\u0000\",\"metadata\":{\"\":\"b\"},\"actions\":[\"NodHead\"]}")
                .post("/v1/liveness-sessions")
                .then()
                .log()
                .all();
        given().get("/sandbox/ledger/" + id).then().log().all();
        given().get("/q/openapi").then().log().all();
    }
}
