package io.liveness.gateway.check.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.http.Method;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions on sessions: every operation by every role that may call it, with an own session and with another caller's. */
@QuarkusTest
class RolesTest {

    private final String shop = "shop-" + UUID.randomUUID();
    private final Api owner = Api.as(shop);

    @ConfigProperty(name = "sandbox.signing-key")
    String signingKey;

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        # operation              | role              | own session | another caller's
        open                     | liveness          | 201         | 201
        open                     | liveness+operator | 201         | 201
        list                     | liveness          | 200         | 200
        list                     | liveness+operator | 200         | 200
        list                     | operator          | 200         | 200
        get                      | liveness          | 200         | 404
        get                      | liveness+operator | 200         | 200
        get                      | operator          | 200         | 200
        events                   | liveness          | 200         | 404
        events                   | liveness+operator | 200         | 200
        events                   | operator          | 200         | 200
        data-events              | liveness          | 200         | 404
        data-events              | liveness+operator | 200         | 200
        data-events              | operator          | 200         | 200
        deliveries               | liveness          | 200         | 404
        deliveries               | liveness+operator | 200         | 200
        deliveries               | operator          | 200         | 200
        lookup                   | liveness          | 200         | 404
        lookup                   | liveness+operator | 200         | 404
        check                    | liveness          | 200         | 404
        check                    | liveness+operator | 200         | 404
        face                     | liveness          | 200         | 404
        face                     | liveness+operator | 200         | 404
        redact                   | liveness          | 204         | 404
        redact                   | liveness+operator | 204         | 404
        """)
    void the_role_and_the_owner_decide(String operation, String role, int own, int others) {
        Response session = opened(operation);

        assertThat(call(operation, Api.as(shop, role), session).statusCode())
                .as("own session")
                .isEqualTo(own);
        assertThat(call(operation, Api.as("stranger-" + UUID.randomUUID(), role), session)
                        .statusCode())
                .as("another caller's session")
                .isEqualTo(others);
    }

    @Test
    void an_operator_sees_the_caller_of_a_session_but_neither_token_nor_address() {
        String id = owner.opened("pass");
        Api operator = Api.as("operations", "operator");

        assertThat(operator.get(id).<Map<String, Object>>path(""))
                .containsEntry("caller", shop)
                .containsEntry("status", "PENDING")
                .doesNotContainKeys("token", "checkUrl");
        assertThat(listed(operator, "caller", shop))
                .hasSize(1)
                .first()
                .satisfies(
                        session -> assertThat(session).containsEntry("id", id).doesNotContainKeys("token", "checkUrl"));
        assertThat(owner.get(id).<Map<String, Object>>path(""))
                .containsKeys("token", "checkUrl")
                .doesNotContainKey("caller");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"operator, false", "operator+operator-data, true", "liveness+operator, false"})
    void an_operator_needs_a_further_role_for_metadata_and_return_address(String role, boolean sees) {
        String id = owner.open("key", """
                {"title": "sandbox:pass", "returnUrl": "https://shop.example/orders/4711", "reference": "order-4711",
                 "metadata": {"channel": "app"}}
                """).path("id");
        Api reader = Api.as("operations", role);
        Map<String, Object> seen = reader.get(id).path("");

        assertThat(seen.get("metadata")).isEqualTo(sees ? Map.of("channel", "app") : null);
        assertThat(seen)
                .containsEntry("returnUrl", sees ? "https://shop.example/orders/4711" : "")
                .containsEntry("reference", "order-4711");
        assertThat(listed(reader, "caller", shop)).singleElement().isEqualTo(seen);
        owner.request()
                .get(Api.SESSIONS + "/" + id + "/data-events")
                .then()
                .body("items.type", equalTo(sees ? List.of("DATA_READ", "DATA_READ") : List.of()))
                .body("items.by", equalTo(sees ? List.of("operations", "operations") : List.of()));
        assertThat(owner.get(id).<Map<String, Object>>path(""))
                .containsEntry("metadata", Map.of("channel", "app"))
                .containsEntry("returnUrl", "https://shop.example/orders/4711");
    }

    @Test
    void an_operator_with_the_callers_name_is_not_the_owner() {
        String id = owner.opened("pass");

        assertThat(Api.as(shop, "operator").get(id).<Map<String, Object>>path(""))
                .doesNotContainKeys("token", "checkUrl");
        assertThat(Api.as(shop, "liveness+operator").get(id).<Map<String, Object>>path(""))
                .containsKeys("token", "checkUrl", "caller");
    }

    @Test
    void only_an_operator_lists_the_sessions_of_another_caller() {
        owner.opened("pass");

        Api.asNewCaller()
                .request()
                .queryParam("caller", shop)
                .get(Api.SESSIONS)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("caller"));
        assertThat(listed(owner, "caller", shop)).hasSize(1);
    }

    @Test
    void a_subject_has_the_roles_that_configuration_gives_it() {
        Api cluster = Api.as(GatewayTestResource.SUBJECT_WITH_ROLES, "nothing");

        String id = cluster.opened("pass");

        assertThat(cluster.get(id).<Map<String, Object>>path("")).containsKeys("token", "caller");
        assertThat(Api.as(GatewayTestResource.SUBJECT_WITH_ROLES + "2", "nothing")
                        .get(id)
                        .statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"azp", "client_id"})
    void a_client_that_acts_for_such_a_subject_has_none_of_its_roles(String claim) {
        JwtClaimsBuilder token = ofSubject().claim("azp", GatewayTestResource.SUBJECT_WITH_ROLES);

        assertThat(listedWith(token)).as("its own token").isEqualTo(200);
        assertThat(listedWith(token.claim(claim, "browser-app"))).isEqualTo(403);
    }

    /** Whoever lets people choose their names must not let them choose a caller's. */
    @Test
    void a_token_without_the_claim_that_names_a_caller_is_refused_whatever_its_subject() {
        assertThat(listedWith(ofSubject())).isEqualTo(403);
        assertThat(listedWith(ofSubject().claim("client_id", GatewayTestResource.SUBJECT_WITH_ROLES)))
                .isEqualTo(403);
    }

    private static JwtClaimsBuilder ofSubject() {
        return Jwt.issuer(TokenIssuer.ISSUER)
                .audience(TokenIssuer.AUDIENCE)
                .subject(GatewayTestResource.SUBJECT_WITH_ROLES)
                .expiresIn(60);
    }

    private int listedWith(JwtClaimsBuilder token) {
        String signed = token.jws()
                .algorithm(SignatureAlgorithm.RS256)
                .sign(SandboxKeys.restore(signingKey).signingKey());
        return given().auth().oauth2(signed).get(Api.SESSIONS).statusCode();
    }

    private static List<Map<String, Object>> listed(Api api, String filter, String value) {
        return api.request()
                .queryParam(filter, value)
                .get(Api.SESSIONS)
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }

    /** Passed, when it is about the face image. */
    private Response opened(String operation) {
        Response session = owner.open("pass");
        if (List.of("face", "redact").contains(operation)) {
            owner.check(session.path("id")).then().body("status", equalTo("PASSED"));
        }
        return session;
    }

    private static Response call(String operation, Api api, Response session) {
        return request(operation, session).by(api);
    }

    private record Call(Method method, String path, String body) {

        Response by(Api api) {
            RequestSpecification request = api.request();
            if (body != null) {
                request.contentType(ContentType.JSON).body(body);
            }
            return request.header("Idempotency-Key", UUID.randomUUID()).request(method, path);
        }
    }

    private static Call request(String operation, Response session) {
        String path = Api.SESSIONS + "/" + session.path("id");
        return switch (operation) {
            case "open" -> new Call(Method.POST, Api.SESSIONS, Api.scenario("pass"));
            case "list" -> new Call(Method.GET, Api.SESSIONS, null);
            case "get" -> new Call(Method.GET, path, null);
            case "events", "data-events", "deliveries" -> new Call(Method.GET, path + "/" + operation, null);
            case "face" -> new Call(Method.GET, path + "/face-image", null);
            case "redact" -> new Call(Method.DELETE, path + "/face-image", null);
            case "check" -> new Call(Method.POST, path + "/check", null);
            case "lookup" ->
                new Call(Method.POST, Api.SESSIONS + "/lookup", "{\"token\":\"" + session.path("token") + "\"}");
            default -> throw new IllegalArgumentException(operation);
        };
    }
}
