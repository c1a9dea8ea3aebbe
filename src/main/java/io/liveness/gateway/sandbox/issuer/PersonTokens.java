package io.liveness.gateway.sandbox.issuer;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The tokens of a signed-in person. */
final class PersonTokens {

    private static final String KEY_ID = "sandbox";
    // Short, so that the refresh of a session can be seen.
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private final SandboxKeys keys;

    /** Made-up people, each with other roles. */
    enum Person {
        FIONA("Fiona Finance", Set.of("finance")),
        ADA("Ada Admin", Set.of("finance", "finance-admin")),
        BEN("Ben Boss", Set.of("finance", "finance-admin")),
        OTTO("Otto Operator", Set.of("operator")),
        NORA("Nora Nothing", Set.of());

        private final String fullName;
        private final Set<String> roles;

        Person(String fullName, Set<String> roles) {
            this.fullName = fullName;
            this.roles = roles;
        }

        static Optional<Person> named(String userName) {
            return Stream.of(values())
                    .filter(person -> person.userName().equals(userName))
                    .findFirst();
        }

        String userName() {
            return name().toLowerCase(Locale.ROOT);
        }

        String fullName() {
            return fullName;
        }

        Set<String> roles() {
            return roles;
        }
    }

    PersonTokens(SandboxKeys keys) {
        this.keys = keys;
    }

    /** A JSON Web Key Set (RFC 7517). */
    JsonObject publicKeys() {
        return new JsonObject().put("keys", JsonArray.of(keys.publicKeyJson().put("kid", KEY_ID)));
    }

    /** The answer of a token endpoint. */
    JsonObject issue(SignInApi.SignIn signIn, String refreshToken) {
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

    private static JwtClaimsBuilder claims(SignInApi.SignIn signIn) {
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
