package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

    // 257 characters.
    private static final String EIGHT = "aaaaaaaa";
    private static final String SIXTY_FOUR = EIGHT + EIGHT + EIGHT + EIGHT + EIGHT + EIGHT + EIGHT + EIGHT;
    private static final String TOO_LONG = SIXTY_FOUR + SIXTY_FOUR + SIXTY_FOUR + SIXTY_FOUR + "a";

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

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", TOO_LONG})
    void a_name_that_cannot_be_stored_is_none(String name) {
        assertThat(Caller.named(withToken(name).build())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"sub, console", "client_id, console", "azp, ''", "azp, ' '"})
    void a_token_without_the_claim_that_names_the_caller_names_none(String claim, String name) {
        JwtClaims claims = new JwtClaims();
        claims.setClaim(claim, name);
        SecurityIdentity identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .build();

        assertThat(Caller.named(identity)).isEmpty();
        assertThatThrownBy(() -> Caller.of(identity))
                .hasMessageContaining("The token names no caller: its claim azp must have 1 to 256 characters.");
    }

    private static QuarkusSecurityIdentity.Builder withToken() {
        return withToken("console");
    }

    private static QuarkusSecurityIdentity.Builder withToken(String name) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://id.example");
        claims.setSubject("0b7e");
        claims.setClaim("azp", name);
        claims.setClaim("preferred_username", "somebody");
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .addRole("finance");
    }
}
