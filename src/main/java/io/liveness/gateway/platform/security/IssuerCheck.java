package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Stops the start when tokens would be taken from any issuer that has the key, or keys are to be fetched too often. */
@Singleton
class IssuerCheck implements ConfigurationRule {

    private static final Logger LOG = Logger.getLogger(IssuerCheck.class);

    /** What OIDC takes for the order not to check. */
    private static final String ANY = "any";

    IssuerCheck(
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
            IssuerConfig config,
            @ConfigProperty(name = "quarkus.oidc.token.forced-jwk-refresh-interval") Duration atMostEvery) {
        List<String> wrong = new ArrayList<>();
        if (publicKey.isEmpty() && server.isEmpty()) {
            LOG.warn(
                    "Neither quarkus.oidc.auth-server-url nor quarkus.oidc.public-key is given: everything under /v1/ answers 401");
        }
        if (publicKey.isPresent() && issuer.filter(given -> !given.isBlank()).isEmpty()) {
            wrong.add(
                    "quarkus.oidc.token.issuer must be given with quarkus.oidc.public-key: the issuer is always checked");
        }
        if (issuer.map(String::strip).filter(ANY::equals).isPresent()) {
            wrong.add("quarkus.oidc.token.issuer must name one issuer: any would accept tokens of every issuer");
        }
        if (config.refreshKeysEvery().compareTo(atMostEvery) < 0) {
            wrong.add("liveness.issuer.refresh-keys-every must not be shorter than"
                    + " quarkus.oidc.token.forced-jwk-refresh-interval, which is " + atMostEvery);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }
}
