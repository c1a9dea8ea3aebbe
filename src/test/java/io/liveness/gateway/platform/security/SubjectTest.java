package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTest {

    @Test
    void a_person_is_the_same_by_every_client() {
        Subject byConsole = subject("sub", "0b7e", "azp", "console");

        assertThat(byConsole).isEqualTo(new Subject("https://id.example", "0b7e", true));
        assertThat(subject("sub", "0b7e", "azp", "finance-app")).isEqualTo(byConsole);
    }

    @ParameterizedTest
    @CsvSource({
        "azp, finance-jobs, sub, finance-jobs",
        "client_id, finance-jobs, sub, finance-jobs",
        "azp, finance-jobs, other, x",
        "sub, 0b7e, preferred_username, service-account-finance-jobs",
        "sub, 0b7e@clients, gty, client-credentials",
        "sub, 0b7e, idtyp, app",
    })
    void a_service_is_no_person(String claim, String value, String another, String anothersValue) {
        assertThat(subject(claim, value, another, anothersValue).isPerson()).isFalse();
    }

    private static Subject subject(String claim, String value, String another, String anothersValue) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://id.example");
        claims.setClaim("azp", "console");
        claims.setClaim(claim, value);
        claims.setClaim(another, anothersValue);
        return Subject.of(QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .build());
    }
}
