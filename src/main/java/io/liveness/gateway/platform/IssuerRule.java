package io.liveness.gateway.platform;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stops the start when tokens would be taken from any issuer that has the key. */
@Startup
@Singleton
class IssuerRule {

    IssuerRule(
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer) {
        if (publicKey.isPresent() && issuer.filter(given -> !given.isBlank()).isEmpty()) {
            throw new IllegalArgumentException(
                    "quarkus.oidc.token.issuer must be given with quarkus.oidc.public-key: the issuer is always checked");
        }
    }
}
