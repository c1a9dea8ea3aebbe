package io.liveness.gateway.sandbox.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

class TokenIssuerTest {

    private final SandboxKeys keys = SandboxKeys.generate();

    @Test
    void a_token_is_verified_with_the_public_key_and_has_the_roles() throws Exception {
        JsonWebToken token = verify(
                new TokenIssuer(keys).issue("demo-shop", Set.of("liveness", "finance"), Duration.ofHours(1)), keys);

        assertThat(token.getIssuer()).isEqualTo(TokenIssuer.ISSUER);
        assertThat(token.getAudience()).containsExactly(TokenIssuer.AUDIENCE);
        assertThat(token.getSubject()).isEqualTo("demo-shop");
        assertThat(token.<String>getClaim("azp")).isEqualTo("demo-shop");
        assertThat(token.getGroups()).containsExactlyInAnyOrder("liveness", "finance");
        assertThat(token.getExpirationTime() - token.getIssuedAtTime()).isEqualTo(3_600);
    }

    @Test
    void keys_restored_from_the_signing_key_are_the_same_pair() throws Exception {
        SandboxKeys restored = SandboxKeys.restore(keys.signingKeyBase64());

        assertThat(restored.publicKeyBase64()).isEqualTo(keys.publicKeyBase64());
        verify(new TokenIssuer(restored).issue("a", Set.of(), Duration.ofHours(1)), keys);
    }

    @Test
    void tokens_for_the_unhappy_cases_are_refused() {
        String expired = new TokenIssuer(keys).issue("a", Set.of(), Duration.ofHours(-1));
        String foreign = new TokenIssuer(SandboxKeys.generate()).issue("a", Set.of(), Duration.ofHours(1));

        assertThatThrownBy(() -> verify(expired, keys)).isInstanceOf(ParseException.class);
        assertThatThrownBy(() -> verify(foreign, keys)).isInstanceOf(ParseException.class);
    }

    private static JsonWebToken verify(String token, SandboxKeys keys) throws Exception {
        byte[] encoded = Base64.getDecoder().decode(keys.publicKeyBase64());
        PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
        return new DefaultJWTParser().verify(token, key);
    }
}
