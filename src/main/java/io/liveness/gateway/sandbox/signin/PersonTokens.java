package io.liveness.gateway.sandbox.signin;

import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.liveness.gateway.sandbox.issuer.TokenIssuer;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The tokens of a signed-in person. */
final class PersonTokens {

    private static final String KEY_ID = "sandbox";
    // Short, so that the refresh of a session can be seen.
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private final SandboxKeys keys;

    PersonTokens(SandboxKeys keys) {
        this.keys = keys;
    }

    /** A JSON Web Key Set (RFC 7517). */
    JsonObject publicKeys() {
        return new JsonObject().put("keys", JsonArray.of(keys.publicKeyJson().put("kid", KEY_ID)));
    }

    /** The answer of a token endpoint. */
    JsonObject issue(SignIn signIn, String refreshToken) {
        Person person = signIn.person();
        JwtClaimsBuilder identity = claims(signIn)
                .audience(signIn.client())
                .claim("name", person.fullName())
                .claim("preferred_username", person.userName());
        JwtClaimsBuilder access = claims(signIn).audience(TokenIssuer.AUDIENCE).groups(person.roles());
        return new JsonObject()
                .put("token_type", "Bearer")
                .put("expires_in", LIFETIME.toSeconds())
                .put("access_token", signed(access))
                .put("id_token", signed(identity))
                .put("refresh_token", refreshToken);
    }

    private static JwtClaimsBuilder claims(SignIn signIn) {
        Instant now = Instant.now();
        JwtClaimsBuilder claims = Jwt.issuer(TokenIssuer.ISSUER)
                .subject("person-" + signIn.person().userName())
                .claim("azp", signIn.client())
                .claim("jti", UUID.randomUUID().toString())
                .issuedAt(now)
                .expiresAt(now.plus(LIFETIME));
        // In the access token too: Quarkus looks for it in both when it fetches keys late.
        return signIn.nonce() == null ? claims : claims.claim("nonce", signIn.nonce());
    }

    private String signed(JwtClaimsBuilder claims) {
        return claims.jws().keyId(KEY_ID).algorithm(SignatureAlgorithm.RS256).sign(keys.signingKey());
    }
}
