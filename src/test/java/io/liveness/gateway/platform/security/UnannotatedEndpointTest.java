package io.liveness.gateway.platform.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.quarkus.resteasy.reactive.server.EndpointDisabled;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.junit.jupiter.api.Test;

/** An operation without declared roles is denied. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class UnannotatedEndpointTest {

    /** The operation exists only with {@link OptionsOn}. */
    @Path("/probe")
    @EndpointDisabled(name = "test.probe", stringValue = "off", disableIfMissing = true)
    public static class Probe {

        @GET
        @Path("/forgotten")
        @Produces("text/plain")
        public String forgotten() {
            return "seen";
        }

        @GET
        @Path("/open")
        @Produces("text/plain")
        @PermitAll
        public String open() {
            return "seen";
        }
    }

    @Test
    void it_answers_401_without_a_token_and_403_with_any() {
        assertThat(status(given(), "/probe/forgotten")).isEqualTo(401);
        assertThat(status(with("liveness+operator+finance"), "/probe/forgotten"))
                .isEqualTo(403);
    }

    @Test
    void one_that_says_that_it_is_open_is_open() {
        assertThat(status(given(), "/probe/open")).isEqualTo(200);
    }

    private static RequestSpecification with(String roles) {
        return given().auth().oauth2(Api.as("shop", roles).token());
    }

    private static int status(RequestSpecification request, String path) {
        return request.get(path).statusCode();
    }
}
