package io.liveness.gateway.check.returnhop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URL;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vendor receives the hop's returnUrl instead of the caller's, and the caller does not notice it. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class ReturnHopOnTest {

    private static final String CALLERS_PAGE = "https://shop.example/done?order=7";

    private final Api api = Api.asNewCaller();

    @TestHTTPResource("/v1/return/")
    URL hop;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @ParameterizedTest
    @ValueSource(strings = {"", "replace:"})
    void the_vendor_receives_the_hop_and_all_others_see_the_callers_address(String prefix) {
        Response session = open("key", prefix + CALLERS_PAGE, "pass");
        String id = session.path("id");

        assertThat(given(session)).isEqualTo(prefix + hop + id);
        session.then().statusCode(201).body("returnUrl", equalTo(prefix + CALLERS_PAGE));
        api.get(id).then().body("returnUrl", equalTo(prefix + CALLERS_PAGE));
        assertThat(stored.strings("select return_url from liveness_session where id = ?", UUID.fromString(id)))
                .containsExactly(prefix + CALLERS_PAGE);
        open("key", prefix + CALLERS_PAGE, "pass").then().statusCode(200).body("id", equalTo(id));
        open("key", prefix + CALLERS_PAGE + "&x", "pass").then().statusCode(422);
    }

    @Test
    void the_callers_own_may_be_as_long_as_without_a_hop_and_grows_beyond_it_on_the_way_back() {
        String page = "https://shop.example/?a=";
        String longest = page + "b".repeat(256 - page.length());
        Response session = open("key", longest, "pass");

        String sentTo = RestAssured.given()
                .redirects()
                .follow(false)
                .queryParam("token", session.<String>path("token"))
                .get(given(session))
                .header("Location");

        assertThat(sentTo).isEqualTo(longest + "&token=" + session.path("token"));
    }

    @Test
    void another_try_with_the_key_comes_back_to_the_same_session() {
        open("key", CALLERS_PAGE, "code-609-once").then().statusCode(503);

        Response again = open("key", CALLERS_PAGE, "code-609-once");

        again.then().statusCode(201);
        assertThat(given(again)).isEqualTo(hop + again.<String>path("id"));
    }

    private Response open(String key, String returnUrl, String scenario) {
        return api.open(key, "{\"returnUrl\":\"%s\",\"title\":\"sandbox:%s\"}".formatted(returnUrl, scenario));
    }

    /** The returnUrl in the vendor's books. */
    private String given(Response session) {
        return sandbox.books().rows().stream()
                .filter(row -> row.token().equals(session.path("token")))
                .map(BookRow::returnUrl)
                .findFirst()
                .orElseThrow();
    }
}
