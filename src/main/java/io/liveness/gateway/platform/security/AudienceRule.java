package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stops the start when tokens that were issued for another service would be accepted without a configuration that says so. */
@Singleton
class AudienceRule implements ConfigurationRule {

    private static final String PROPERTY = "quarkus.oidc.token.audience";
    private static final String ANY = "any";

    AudienceRule(
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
            @ConfigProperty(name = PROPERTY) Optional<List<String>> audience) {
        if (publicKey.isEmpty() && server.isEmpty()) {
            return;
        }
        List<String> accepted = audience.orElse(List.of());
        if (accepted.stream().allMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                    PROPERTY
                            + " must be the audience (claim aud) of the callers' tokens, or any to accept tokens for other services too");
        }
        if (accepted.size() > 1 && accepted.contains(ANY)) {
            throw new IllegalArgumentException(PROPERTY + " is either any or a list of audiences, not both");
        }
    }
}
