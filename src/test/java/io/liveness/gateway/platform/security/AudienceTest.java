package io.liveness.gateway.platform.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A token that was issued for another service is refused. */
@QuarkusTest
class AudienceTest {

    @ConfigProperty(name = "sandbox.signing-key")
    String signingKey;

    @Test
    void only_a_token_for_this_audience_opens() {
        assertThat(statusWith(token().audience(Set.of("liveness-gateway", "another"))))
                .isEqualTo(200);
        assertThat(statusWith(token().audience("another"))).isEqualTo(401);
        assertThat(statusWith(token())).isEqualTo(401);
    }

    private static JwtClaimsBuilder token() {
        return Jwt.issuer(TokenIssuer.ISSUER)
                .subject("shop")
                .claim("azp", "shop")
                .groups("liveness")
                .expiresIn(60);
    }

    private int statusWith(JwtClaimsBuilder token) {
        String signed = token.jws()
                .algorithm(SignatureAlgorithm.RS256)
                .sign(SandboxKeys.restore(signingKey).signingKey());
        return given().auth().oauth2(signed).get(Api.SESSIONS).statusCode();
    }
}
