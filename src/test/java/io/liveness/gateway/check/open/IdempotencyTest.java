package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class IdempotencyTest {

    private final Api api = Api.asNewCaller();
    private final String key = UUID.randomUUID().toString();
    private final String returnUrl = "https://shop.example/" + key;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Test
    void fifty_requests_at_once_with_one_key_lead_to_one_init() {
        List<Response> answers = Api.atOnce(50, () -> api.open(key, body("pass")));

        assertThat(answers.stream().map(Response::statusCode).filter(status -> status == 201))
                .hasSize(1);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(201, 200, 409));
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 409))
                .allSatisfy(answer -> {
                    assertThat(answer.<String>path("code")).isEqualTo("idempotency-key-in-flight");
                    assertThat(answer.header("Retry-After")).isNotNull();
                });
        assertThat(inits()).isEqualTo(1);
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(1);
    }

    @Test
    void the_same_request_gets_the_session_as_it_is_now() {
        String id = api.open(key, body("pass")).path("id");
        api.check(id);

        api.open(key, body("pass"))
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(id))
                .body("status", equalTo("PASSED"));

        assertThat(inits()).isEqualTo(1);
    }

    @Test
    void defaults_and_the_order_of_fields_make_no_difference() {
        String id = api.open(key, body("pass")).path("id");
        String spelledOut = "{\"title\":\"sandbox:pass\",\"antiCameraHack\":true,\"actionMutex\":true,"
                + "\"actionStyle\":\"HEAD_AND_FACE\",\"returnUrl\":\"" + returnUrl + "\"}";

        api.open(key, spelledOut).then().statusCode(200).body("id", equalTo(id));
    }

    @Test
    void another_request_with_the_key_is_refused() {
        api.open(key, body("pass"));

        api.open(key, body("fail")).then().statusCode(422).body("code", equalTo("idempotency-key-reused"));

        assertThat(inits()).isEqualTo(1);
    }

    @Test
    void while_the_first_is_in_flight_the_same_request_waits_and_another_is_refused() {
        CompletableFuture<Response> first =
                CompletableFuture.supplyAsync(() -> api.open(key, body("timeout-after-fee")));
        awaitInit();

        api.open(key, body("timeout-after-fee"))
                .then()
                .statusCode(409)
                .header("Retry-After", "1")
                .body("code", equalTo("idempotency-key-in-flight"));
        api.open(key, body("pass")).then().statusCode(422);

        assertThat(first.join().statusCode()).isEqualTo(504);
        assertThat(inits()).isEqualTo(1);
    }

    @Test
    void the_same_key_of_another_caller_is_another_key() {
        String id = api.open(key, body("pass")).path("id");

        String other = Api.asNewCaller()
                .open(key, body("pass"))
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        assertThat(other).isNotEqualTo(id);
    }

    @Test
    void after_a_retryable_rejection_the_same_key_tries_again() {
        String id = api.open(key, body("code-609-once"))
                .then()
                .statusCode(503)
                .extract()
                .path("sessionId");

        api.open(key, body("code-609-once"))
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", nullValue())
                .body("id", equalTo(id))
                .body("status", equalTo("PENDING"));

        assertThat(api.eventTypes(id)).containsExactly("OPENING", "REJECTED", "OPENING", "OPENED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"code-601", "drop-after-fee", "garbage"})
    void a_lasting_rejection_and_an_unknown_outcome_are_final_for_their_key(String scenario) {
        String id = api.open(key, body(scenario)).path("sessionId");
        long calls = sandbox.books().initCalls();

        api.open(key, body(scenario))
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(id));

        assertThat(sandbox.books().initCalls()).isEqualTo(calls);
    }

    @Test
    void a_token_is_recorded_although_the_caller_disconnected() throws IOException {
        RawConnection.leave(
                "POST " + Api.SESSIONS + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Idempotency-Key: " + key + "\r\nAuthorization: Bearer " + api.token()
                        + "\r\nContent-Length: "
                        + body("slow").length() + "\r\n\r\n" + body("slow"),
                this::awaitInit);

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> api.open(key, body("slow"))
                        .then()
                        .statusCode(200)
                        .body("status", equalTo("PENDING"))
                        .body("token", notNullValue()));
        assertThat(inits()).isEqualTo(1);
    }

    private String body(String scenario) {
        return "{\"returnUrl\":\"" + returnUrl + "\",\"title\":\"sandbox:" + scenario + "\"}";
    }

    private long inits() {
        return sandbox.books().rows().stream()
                .filter(row -> row.returnUrl().equals(returnUrl))
                .count();
    }

    private void awaitInit() {
        await().atMost(Duration.ofSeconds(5)).until(() -> inits() > 0);
    }
}
