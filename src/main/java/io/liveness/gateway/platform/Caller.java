package io.liveness.gateway.platform;

import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * The authenticated internal service.
 *
 * @param name claim {@code azp}, else {@code client_id}, else {@code sub}
 */
public record Caller(String name) {

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
        return Stream.of("azp", "client_id", "sub")
                .map(claim -> token.<Object>getClaim(claim))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .filter(name -> !name.isBlank())
                .findFirst()
                .map(Caller::new);
    }
}
