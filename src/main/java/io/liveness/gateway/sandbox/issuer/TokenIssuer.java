package io.liveness.gateway.sandbox.issuer;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Issues access tokens as an identity provider would: RS256, by the system's clock since that is what verifies them. */
public final class TokenIssuer {

    /** For {@code quarkus.oidc.token.issuer}. */
    public static final String ISSUER = "https://sandbox.liveness.local";

    /** For {@code quarkus.oidc.token.audience}. */
    public static final String AUDIENCE = "liveness-gateway";

    private final SandboxKeys keys;
    private final String issuer;

    public TokenIssuer(SandboxKeys keys) {
        this(keys, ISSUER);
    }

    /** @param issuer another one than the gateway trusts, to see it refused */
    public TokenIssuer(SandboxKeys keys, String issuer) {
        this.keys = keys;
        this.issuer = issuer;
    }

    /** A token of a service, which is also the caller ({@code azp}). */
    public String issue(String subject, Set<String> groups, Duration lifetime) {
        return issue(subject, subject, groups, lifetime);
    }

    /**
     * @param client the caller ({@code azp}): another one than the subject is used by a person
     * @param groups the roles
     * @param lifetime a negative one gives an expired token
     */
    public String issue(String subject, String client, Set<String> groups, Duration lifetime) {
        Instant now = Instant.now();
        return Jwt.issuer(issuer)
                .subject(subject)
                .audience(AUDIENCE)
                .claim("azp", client)
                .groups(groups)
                .issuedAt(now)
                .expiresAt(now.plus(lifetime))
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .sign(keys.signingKey());
    }
}
