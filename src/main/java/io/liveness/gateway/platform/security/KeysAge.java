package io.liveness.gateway.platform.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcResponseFilter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Since when the issuer's keys are known as they are: {@code liveness.issuer.keys.age}, from the start until they are fetched first. */
@Singleton
@Unremovable
@OidcEndpoint(OidcEndpoint.Type.JWKS)
class KeysAge implements OidcResponseFilter {

    private static final int OK = 200;

    private final boolean publishesKeys;
    private volatile long fetchedNanos = System.nanoTime();
    private volatile boolean fetched;

    KeysAge(MeterRegistry registry, @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server) {
        this.publishesKeys = server.isPresent();
        TimeGauge.builder(
                        "liveness.issuer.keys.age",
                        this,
                        TimeUnit.NANOSECONDS,
                        keys -> publishesKeys ? keys.age().toNanos() : Double.NaN)
                .description("Since the issuer's keys were fetched, or since the start")
                .register(registry);
    }

    @Override
    public Uni<Void> filter(OidcResponseFilterContext response) {
        if (response.statusCode() == OK) {
            fetchedNanos = System.nanoTime();
            fetched = true;
        }
        return Uni.createFrom().voidItem();
    }

    /** Whether they are there at all: published and fetched, or configured. */
    boolean areKnown() {
        return fetched || !publishesKeys;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - fetchedNanos);
    }
}
