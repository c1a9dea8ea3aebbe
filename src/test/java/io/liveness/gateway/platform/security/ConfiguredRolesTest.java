package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredRolesTest {

    @ParameterizedTest
    @ValueSource(strings = {"shop", "shop=", "=liveness", "shop=admin", "shop=liveness+", "shop=liveness,operator"})
    void a_malformed_role_assignment_stops_the_start_and_is_named(String wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured(wrong))
                .withMessageContaining("liveness.roles")
                .withMessageContaining(wrong);
    }

    @Test
    void a_subject_given_twice_stops_the_start() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured("shop=liveness", "shop=operator"))
                .withMessageContaining("shop twice");
    }

    @ParameterizedTest(name = "sub={0} azp={1} client_id={2}")
    @CsvSource({
        "shop,  ,     ,     true",
        "shop,  shop, ,     true",
        "shop,  ,     shop, true",
        "shop,  shop, shop, true",
        "shop,  app,  ,     false",
        "shop,  ,     app,  false",
        "shop,  shop, app,  false",
        "shop,  app,  shop, false",
        "other, shop, shop, false",
        ",      shop, shop, false",
    })
    void only_a_token_that_the_subject_got_itself_has_its_roles(
            String subject, String azp, String clientId, boolean has) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://id.example");
        Stream.of(new String[] {"sub", subject}, new String[] {"azp", azp}, new String[] {"client_id", clientId})
                .filter(claim -> claim[1] != null)
                .forEach(claim -> claims.setClaim(claim[0], claim[1]));
        SecurityIdentity identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .build();

        SecurityIdentity augmented = configured("shop=liveness+operator")
                .augment(identity, null)
                .await()
                .indefinitely();

        assertThat(augmented.getRoles()).hasSize(has ? 2 : 0);
    }

    private static ConfiguredRoles configured(String... roles) {
        return new ConfiguredRoles(() -> Optional.of(List.of(roles)));
    }
}
