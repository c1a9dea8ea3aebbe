package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

class CallerTest {

    @Test
    void a_request_of_a_session_of_the_console_names_its_person() {
        SecurityIdentity fiona = Caller.inSessionOf("fiona", withToken().build());

        assertThat(Caller.actor(fiona)).isEqualTo("console/fiona");
        assertThat(Caller.of(fiona).name()).isEqualTo("console");
        assertThat(fiona.getRoles()).containsExactly("finance");
    }

    @Test
    void a_token_that_is_sent_to_the_api_names_no_person() {
        assertThat(Caller.actor(withToken().build())).isEqualTo("console");
    }

    @Test
    void a_request_that_is_not_authenticated_stays_so() {
        assertThat(Caller.inSessionOf("fiona", null)).isNull();
    }

    private static QuarkusSecurityIdentity.Builder withToken() {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://id.example");
        claims.setSubject("0b7e");
        claims.setClaim("azp", "console");
        claims.setClaim("preferred_username", "somebody");
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .addRole("finance");
    }
}
