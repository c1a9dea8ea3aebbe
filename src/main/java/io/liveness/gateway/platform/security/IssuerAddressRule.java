package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stops the start when the keys that tokens are verified by would come over a network in plaintext. */
@Singleton
class IssuerAddressRule implements ConfigurationRule {

    IssuerAddressRule(
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
            @ConfigProperty(name = "quarkus.oidc.discovery-path") Optional<String> discovery,
            @ConfigProperty(name = "quarkus.oidc.jwks-path") Optional<String> keys) {
        List<String> wrong = new ArrayList<>();
        Map.of(
                        "quarkus.oidc.auth-server-url", server,
                        "quarkus.oidc.discovery-path", discovery.filter(IssuerAddressRule::isAddress),
                        "quarkus.oidc.jwks-path", keys.filter(IssuerAddressRule::isAddress))
                .forEach((property, address) -> address.map(String::strip)
                        .filter(given -> !isSafe(given))
                        .ifPresent(given -> wrong.add(property
                                + " must begin with https://, or with http:// and a loopback host: " + given
                                + " does not")));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    /** A path may be an absolute address, which replaces the server's. */
    private static boolean isAddress(String path) {
        return path.strip().matches("(?i)https?:.*");
    }

    private static boolean isSafe(String address) {
        try {
            URI uri = URI.create(address);
            return uri.getHost() != null
                    && ("https".equalsIgnoreCase(uri.getScheme())
                            || "http".equalsIgnoreCase(uri.getScheme()) && Loopback.is(uri.getHost()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
