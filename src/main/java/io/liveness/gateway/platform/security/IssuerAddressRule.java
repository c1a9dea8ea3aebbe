package io.liveness.gateway.platform.security;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stops the start when the keys that tokens are verified by would come over a network in plaintext. */
@Startup
@Singleton
class IssuerAddressRule {

    IssuerAddressRule(
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
            @ConfigProperty(name = "quarkus.oidc.discovery-path") Optional<String> discovery,
            @ConfigProperty(name = "quarkus.oidc.jwks-path") Optional<String> keys) {
        Map.of(
                        "quarkus.oidc.auth-server-url", server,
                        "quarkus.oidc.discovery-path", discovery.filter(IssuerAddressRule::isAddress),
                        "quarkus.oidc.jwks-path", keys.filter(IssuerAddressRule::isAddress))
                .forEach((property, address) -> address.ifPresent(given -> check(property, given.strip())));
    }

    /** A path may be an absolute address, which replaces the server's. */
    private static boolean isAddress(String path) {
        return path.strip().matches("(?i)https?:.*");
    }

    private static void check(String property, String address) {
        if (!isSafe(address)) {
            throw new IllegalArgumentException(property
                    + " must begin with https://, or with http:// and a loopback host: " + address + " does not");
        }
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
