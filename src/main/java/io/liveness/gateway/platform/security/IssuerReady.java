package io.liveness.gateway.platform.security;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * A replica that has not fetched the issuer's keys yet can verify no token and is not ready, so that a roll-out with a wrong address
 * of the issuer stops at its first replica. Once it has, the issuer may be away.
 */
@Readiness
@Unremovable
@Singleton
class IssuerReady implements HealthCheck {

    private static final String NAME = "issuer";

    private final IssuerKeys keys;

    IssuerReady(IssuerKeys keys) {
        this.keys = keys;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(NAME).status(keys.areKnown()).build();
    }
}
