package io.liveness.gateway.platform.security;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Stops the start when tokens would be taken from any issuer that has the key. */
@Startup
@Singleton
class IssuerCheck {

    private static final Logger LOG = Logger.getLogger(IssuerCheck.class);

    /** What OIDC takes for the order not to check. */
    private static final String ANY = "any";

    IssuerCheck(
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server) {
        if (publicKey.isEmpty() && server.isEmpty()) {
            LOG.warn(
                    "Neither quarkus.oidc.auth-server-url nor quarkus.oidc.public-key is given: everything under /v1/ answers 401");
        }
        if (publicKey.isPresent() && issuer.filter(given -> !given.isBlank()).isEmpty()) {
            throw new IllegalArgumentException(
                    "quarkus.oidc.token.issuer must be given with quarkus.oidc.public-key: the issuer is always checked");
        }
        if (issuer.map(String::strip).filter(ANY::equals).isPresent()) {
            throw new IllegalArgumentException(
                    "quarkus.oidc.token.issuer must name one issuer: any would accept tokens of every issuer");
        }
    }
}
