package io.liveness.gateway.platform.security;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcRequestFilter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Limits how long the issuer may take to answer. Quarkus limits the time until it is connected alone, so that a token of an unknown
 * key would wait for as long as the network swallows.
 */
@Singleton
@Unremovable
class IssuerTimeout implements OidcRequestFilter {

    private final Duration timeout;

    IssuerTimeout(IssuerConfig config) {
        this.timeout = config.timeout();
    }

    @Override
    public Uni<Void> filter(OidcRequestFilterContext request) {
        request.request().timeout(timeout.toMillis());
        return Uni.createFrom().voidItem();
    }
}
