package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

class CallerTest {

    @Test
    void what_is_done_in_a_session_of_the_console_is_recorded_with_the_person() {
        SecurityIdentity fiona = identity(Map.of(BearerReroute.PERSON, "fiona"));

        assertThat(Caller.actor(fiona)).isEqualTo("console/fiona");
        assertThat(Caller.of(fiona).name()).isEqualTo("console");
    }

    @Test
    void a_token_that_is_sent_to_the_api_names_no_person() {
        assertThat(Caller.actor(identity(Map.of()))).isEqualTo("console");
    }

    @Test
    void without_a_request_there_is_the_caller_alone() {
        assertThat(Caller.actor(withToken().build())).isEqualTo("console");
    }

    private static SecurityIdentity identity(Map<String, String> keptWithTheRequest) {
        RoutingContext request = (RoutingContext) Proxy.newProxyInstance(
                CallerTest.class.getClassLoader(),
                new Class<?>[] {RoutingContext.class},
                (proxy, method, arguments) -> keptWithTheRequest.get(arguments[0]));
        return withToken()
                .addAttribute(HttpSecurityUtils.ROUTING_CONTEXT_ATTRIBUTE, request)
                .build();
    }

    private static QuarkusSecurityIdentity.Builder withToken() {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://id.example");
        claims.setSubject("0b7e");
        claims.setClaim("azp", "console");
        claims.setClaim("preferred_username", "somebody");
        return QuarkusSecurityIdentity.builder().setPrincipal(new DefaultJWTCallerPrincipal(claims));
    }
}
