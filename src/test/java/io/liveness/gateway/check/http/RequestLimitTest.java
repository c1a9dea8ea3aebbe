package io.liveness.gateway.check.http;

import static io.liveness.gateway.testsupport.LowLimits.REQUESTS_PER_SECOND;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.SettableClock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests per second of a caller, with a fixed clock. */
@QuarkusTest
@TestProfile(LowLimits.class)
class RequestLimitTest {

    private final Api api = Api.asNewCaller();

    @Inject
    SettableClock clock;

    @BeforeEach
    void time_stands_still() {
        clock.stop();
    }

    @AfterEach
    void time_goes_on() {
        clock.go();
    }

    @Test
    void requests_up_to_the_limit_are_served_and_the_next_is_refused() {
        for (int left = REQUESTS_PER_SECOND - 1; left >= 0; left--) {
            list().then()
                    .statusCode(200)
                    .header("RateLimit-Policy", "\"requests\";q=60;w=1")
                    .header("RateLimit", "\"requests\";r=" + left + ";t=1");
        }

        list().then()
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", "1")
                .header("RateLimit-Policy", "\"requests\";q=60;w=1")
                .header("RateLimit", "\"requests\";r=0;t=1")
                .body("code", equalTo("rate-limited"))
                .body("type", equalTo("/problems#rate-limited"))
                .body("status", equalTo(429));
    }

    @Test
    void time_brings_requests_back_up_to_one_seconds() {
        assertThat(servedUntilRefused()).isEqualTo(REQUESTS_PER_SECOND);
        clock.advance(Duration.ofMillis(500));
        assertThat(servedUntilRefused()).isEqualTo(REQUESTS_PER_SECOND / 2);
        clock.advance(Duration.ofSeconds(10));
        assertThat(servedUntilRefused()).isEqualTo(REQUESTS_PER_SECOND);
    }

    @Test
    void another_caller_is_not_held_up() {
        servedUntilRefused();

        Api.asNewCaller()
                .request()
                .get(Api.SESSIONS)
                .then()
                .statusCode(200)
                .header("RateLimit", "\"requests\";r=59;t=1");
    }

    @Test
    void failed_requests_count_too_and_show_what_is_left() {
        api.request().get("/v1/nothing-here").then().statusCode(404).header("RateLimit", containsString("r=59;"));
        api.request().delete(Api.SESSIONS).then().statusCode(405).header("RateLimit", containsString("r=58;"));
        api.get(UUID.randomUUID().toString()).then().statusCode(404).header("RateLimit", containsString("r=57;"));
        api.open("key", "{").then().statusCode(400).header("RateLimit", containsString("r=56;"));
        api.request()
                .contentType(ContentType.TEXT)
                .body("x")
                .post(Api.SESSIONS)
                .then()
                .statusCode(415)
                .header("RateLimit", containsString("r=55;"));
        api.open("key", "x".repeat(200_000)).then().statusCode(413).header("RateLimit", containsString("r=54;"));
    }

    @Test
    void a_caller_without_the_role_is_counted_and_one_without_a_token_is_not() {
        Api.as(api.caller(), "visitor")
                .request()
                .get(Api.SESSIONS)
                .then()
                .statusCode(403)
                .header("RateLimit", containsString("r=59;"));
        given().get(Api.SESSIONS).then().statusCode(401).header("RateLimit", nullValue());
        list().then().header("RateLimit", containsString("r=58;"));
    }

    private Response list() {
        return api.request().get(Api.SESSIONS);
    }

    private int servedUntilRefused() {
        for (int served = 0; served <= 2 * REQUESTS_PER_SECOND; served++) {
            if (list().statusCode() == 429) {
                return served;
            }
        }
        throw new AssertionError("no request was refused");
    }
}
