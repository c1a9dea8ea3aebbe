package io.liveness.gateway.check.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A caller sees only its own sessions. */
@QuarkusTest
class OwnershipTest {

    private final Api owner = Api.asNewCaller();
    private final Api stranger = Api.asNewCaller();

    @Inject
    Stored stored;

    @Test
    void another_callers_session_does_not_exist() {
        Response session = owner.open("pass");
        String id = session.path("id");
        String token = session.path("token");

        assertThat(List.of(
                        stranger.get(id),
                        stranger.check(id),
                        stranger.request().get(Api.SESSIONS + "/" + id + "/events"),
                        stranger.request().get(Api.SESSIONS + "/" + id + "/data-events"),
                        stranger.request().get(Api.SESSIONS + "/" + id + "/deliveries"),
                        lookup(stranger, token)))
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(404);
                    assertThat(answer.<String>path("code")).isEqualTo("not-found");
                });
        stranger.request().get(Api.SESSIONS).then().statusCode(200).body("items", hasSize(0));
        owner.get(id).then().body("status", equalTo("PENDING"));
    }

    @Test
    void the_owner_finds_a_session_by_its_token_before_and_after_the_verdict() {
        Response session = owner.open("pass");
        String id = session.path("id");
        String token = session.path("token");

        lookup(owner, token).then().statusCode(200).body("id", equalTo(id));
        owner.check(id);

        lookup(owner, token).then().statusCode(200).body("status", equalTo("PASSED"));
        lookup(owner, "no-such-token").then().statusCode(404);
    }

    @Test
    void without_a_valid_token_nothing_under_v1_opens_not_even_what_does_not_exist() {
        SandboxKeys foreign = SandboxKeys.generate();
        String wrongKey = new TokenIssuer(foreign).issue("shop", Set.of("liveness"), Duration.ofHours(1));

        for (String path : List.of(Api.SESSIONS, Api.SESSIONS + "/" + UUID.randomUUID(), "/v1/nothing", "/v1/")) {
            for (Response answer : List.of(
                    given().get(path),
                    given().auth().oauth2("garbage").get(path),
                    given().auth().oauth2(wrongKey).get(path),
                    given().auth().preemptive().basic("shop", "secret").get(path))) {
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.contentType()).isEqualTo("application/problem+json");
                assertThat(answer.<String>path("code")).isEqualTo("unauthenticated");
                assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
            }
        }
    }

    @Test
    void token_and_addresses_are_nowhere_in_the_database() {
        Response session = owner.open("pass");
        String token = session.path("token");
        owner.check(session.path("id"));

        for (String table : List.of("liveness_session", "session_event", "ledger_entry")) {
            assertThat(stored.count("select count(*) from " + table + " t where t::text like ?", "%" + token + "%"))
                    .as(table)
                    .isZero();
        }
        assertThat(stored.count(
                        "select count(*) from liveness_session where position(?::bytea in token_sealed) > 0",
                        token.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isZero();
    }

    private static Response lookup(Api caller, String token) {
        return caller.request()
                .contentType(ContentType.JSON)
                .body("{\"token\":\"" + token + "\"}")
                .post(Api.SESSIONS + "/lookup");
    }
}
