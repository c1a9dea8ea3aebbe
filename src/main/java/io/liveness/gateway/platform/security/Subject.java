package io.liveness.gateway.platform.security;

import io.quarkus.security.identity.SecurityIdentity;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Whom a token was issued to, whatever client sent it.
 *
 * @param issuer claim {@code iss}
 * @param name claim {@code sub}, else the caller
 * @param isPerson false for the token of a service
 */
public record Subject(String issuer, String name, boolean isPerson) {

    public static Subject of(SecurityIdentity identity) {
        String caller = Caller.of(identity).name();
        JsonWebToken token = (JsonWebToken) identity.getPrincipal();
        String name = Optional.ofNullable(token.getSubject()).orElse(caller);
        return new Subject(String.valueOf(token.getIssuer()), name, !isOfService(token, name));
    }

    /** A token for a client itself has the client as its subject, or is marked as Keycloak, Auth0 or Entra ID do. */
    private static boolean isOfService(JsonWebToken token, String name) {
        return name.equals(token.getClaim("azp"))
                || name.equals(token.getClaim("client_id"))
                || token.getSubject() == null
                || String.valueOf(token.<Object>getClaim("preferred_username")).startsWith("service-account-")
                || "client-credentials".equals(token.getClaim("gty"))
                || "app".equals(token.getClaim("idtyp"));
    }
}
