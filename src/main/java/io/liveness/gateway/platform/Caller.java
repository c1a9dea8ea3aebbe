package io.liveness.gateway.platform;

import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * The authenticated internal service.
 *
 * @param name claim {@code azp}, else {@code client_id}, else {@code sub}
 */
public record Caller(String name) {

    private static final List<String> CLAIMS = List.of("azp", "client_id", "sub");

    public static Caller of(SecurityIdentity identity) {
        return named(identity)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.FORBIDDEN, "The token has none of the claims azp, client_id and sub."));
    }

    /** Empty without authentication, or when the token names no caller. */
    static Optional<Caller> named(SecurityIdentity identity) {
        Principal principal = identity.getPrincipal();
        if (!(principal instanceof JsonWebToken token)) {
            return Optional.empty();
        }
        for (String claim : CLAIMS) {
            Object name = token.getClaim(claim);
            if (name != null && !name.toString().isBlank()) {
                return Optional.of(new Caller(name.toString()));
            }
        }
        return Optional.empty();
    }
}
