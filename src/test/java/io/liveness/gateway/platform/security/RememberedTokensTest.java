package io.liveness.gateway.platform.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A verified token is not verified again, and all other answers stay the same. */
@QuarkusTest
class RememberedTokensTest {

    private final String subject = "shop-" + UUID.randomUUID();

    @ConfigProperty(name = "sandbox.signing-key")
    String signingKey;

    @Inject
    CountedVerifications verifications;

    @Test
    void a_token_is_verified_with_its_first_request_alone() {
        String token = token("liveness");

        for (int i = 0; i < 3; i++) {
            assertThat(statusWith("Bearer " + token)).isEqualTo(200);
        }
        assertThat(statusWith("bearer " + token)).isEqualTo(200);

        assertThat(verifications.of(subject)).isEqualTo(1);
    }

    @Test
    void roles_of_the_configuration_are_remembered_with_the_token() {
        String token =
                new TokenIssuer(keys()).issue(GatewayTestResource.SUBJECT_WITH_ROLES, Set.of(), Duration.ofHours(1));

        for (int i = 0; i < 3; i++) {
            assertThat(statusWith("Bearer " + token)).isEqualTo(200);
        }
    }

    @Test
    void a_token_similar_to_a_remembered_one_is_refused() {
        String token = token("liveness");
        assertThat(statusWith("Bearer " + token)).isEqualTo(200);
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        String signature = token.substring(signed.length());
        String others = token("operator");

        assertThat(statusWith("Bearer " + signed + new StringBuilder(signature).reverse()))
                .isEqualTo(401);
        assertThat(statusWith("Bearer " + others.substring(0, others.lastIndexOf('.') + 1) + signature))
                .isEqualTo(401);
        assertThat(statusWith("Bearer " + signed)).isEqualTo(401);
        assertThat(statusWith("Bearer " + token.substring(0, token.length() / 2)))
                .isEqualTo(401);
        assertThat(statusWith("Basic " + token)).isEqualTo(401);
        assertThat(statusWith(token)).isEqualTo(401);
        assertThat(statusWith("Bearer "
                        + new TokenIssuer(SandboxKeys.generate())
                                .issue(subject, Set.of("liveness"), Duration.ofHours(1))))
                .isEqualTo(401);
    }

    private String token(String role) {
        return new TokenIssuer(keys()).issue(subject, Set.of(role), Duration.ofHours(1));
    }

    private SandboxKeys keys() {
        return SandboxKeys.restore(signingKey);
    }

    private static int statusWith(String authorization) {
        return given().header("Authorization", authorization).get(Api.SESSIONS).statusCode();
    }
}
