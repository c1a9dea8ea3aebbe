package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Stops the start when tokens would be accepted of any issuer that has the key, or of another service's, without a configuration that says
 * so; when the keys that tokens are verified by would come over a network in plaintext; and when keys are to be fetched too often.
 */
@Singleton
class IssuerRule implements ConfigurationRule {

    private static final Logger LOG = Logger.getLogger(IssuerRule.class);

    private static final String KEY = "quarkus.oidc.public-key";
    private static final String SERVER = "quarkus.oidc.auth-server-url";
    private static final String ISSUER = "quarkus.oidc.token.issuer";
    private static final String AUDIENCE = "quarkus.oidc.token.audience";
    private static final String AT_MOST_EVERY = "quarkus.oidc.token.forced-jwk-refresh-interval";
    /** Either may be a path, or an absolute address that replaces the server's. */
    private static final List<String> PATHS = List.of("quarkus.oidc.discovery-path", "quarkus.oidc.jwks-path");

    /** What OIDC takes for the order not to check. */
    private static final String ANY = "any";

    private final Config configuration;
    private final List<String> wrong = new ArrayList<>();

    IssuerRule(Config configuration, IssuerKeys.IssuerSettings keys) {
        this.configuration = configuration;
        if (given(KEY).isPresent() || given(SERVER).isPresent()) {
            checkAudience();
        } else {
            // Quarkus switches off a tenant that is not configured where there is another one, here the console's.
            LOG.warnf("Neither %s nor %s is given: everything under /v1/ answers 401", SERVER, KEY);
        }
        if (given(KEY).isPresent()
                && given(ISSUER).filter(name -> !name.isBlank()).isEmpty()) {
            wrong.add(ISSUER + " must be given with " + KEY + ": the issuer is always checked");
        }
        if (given(ISSUER).map(String::strip).filter(ANY::equals).isPresent()) {
            wrong.add(ISSUER + " must name one issuer: any would accept tokens of every issuer");
        }
        given(SERVER).ifPresent(address -> checkAddress(SERVER, address));
        for (String property : PATHS) {
            given(property)
                    .filter(path -> path.strip().matches("(?i)https?:.*"))
                    .ifPresent(address -> checkAddress(property, address));
        }
        Duration atMostEvery = configuration.getValue(AT_MOST_EVERY, Duration.class);
        if (keys.refreshKeysEvery().compareTo(atMostEvery) < 0) {
            wrong.add("liveness.issuer.refresh-keys-every must not be shorter than " + AT_MOST_EVERY + ", which is "
                    + atMostEvery);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    private Optional<String> given(String property) {
        return configuration.getOptionalValue(property, String.class);
    }

    private void checkAudience() {
        List<String> accepted =
                configuration.getOptionalValues(AUDIENCE, String.class).orElse(List.of());
        if (accepted.stream().allMatch(String::isBlank)) {
            wrong.add(
                    AUDIENCE
                            + " must be the audience (claim aud) of the callers' tokens, or any to accept tokens for other services too");
        }
        if (accepted.size() > 1 && accepted.contains(ANY)) {
            wrong.add(AUDIENCE + " is either any or a list of audiences, not both");
        }
    }

    private void checkAddress(String property, String address) {
        if (!Loopback.isSafe(address.strip())) {
            wrong.add(property + " must begin with https://, or with http:// and a loopback host: " + address.strip()
                    + " does not");
        }
    }
}
