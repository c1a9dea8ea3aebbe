package io.liveness.gateway.platform.security;

import io.micrometer.core.instrument.Gauge;
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
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/**
 * Whether the issuer's keys are known, {@code liveness.issuer.keys.known}, and since when they are as they are:
 * {@code liveness.issuer.keys.age}, from the start until they are fetched first.
 */
@Singleton
@Unremovable
@OidcEndpoint(OidcEndpoint.Type.JWKS)
class IssuerKeys implements OidcResponseFilter {

    private static final int OK = 200;

    private final boolean published;
    private final boolean needed;
    private volatile long fetchedNanos = System.nanoTime();
    private volatile boolean fetched;

    IssuerKeys(
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
            @ConfigProperty(name = "quarkus.oidc.token.allow-opaque-token-introspection") boolean issuerIsAsked) {
        this.published = server.isPresent();
        this.needed = published && !issuerIsAsked;
        Gauge.builder("liveness.issuer.keys.known", this, keys -> keys.areKnown() ? 1 : 0)
                .description("1 when the issuer's keys were fetched or need not be fetched")
                .register(registry);
        TimeGauge.builder(
                        "liveness.issuer.keys.age",
                        this,
                        TimeUnit.NANOSECONDS,
                        keys -> published ? keys.age().toNanos() : Double.NaN)
                .description("Seconds since the issuer's keys were fetched, or since the start")
                .register(registry);
    }

    @Override
    public Uni<Void> filter(OidcResponseFilterContext response) {
        if (response.statusCode() == OK
                && response.responseBody() != null
                && hasKeyOfSignatures(response.responseBody().toString())) {
            fetchedNanos = System.nanoTime();
            fetched = true;
        }
        return Uni.createFrom().voidItem();
    }

    /** Of the keys that Quarkus would use. */
    private static boolean hasKeyOfSignatures(String set) {
        try {
            return new JsonWebKeySet(set).getJsonWebKeys().stream().anyMatch(IssuerKeys::isOfSignatures);
        } catch (JoseException | ClassCastException notASet) {
            return false;
        }
    }

    private static boolean isOfSignatures(JsonWebKey key) {
        return key instanceof PublicJsonWebKey
                && (key.getUse() == null || key.getUse().equals(Use.SIGNATURE));
    }

    /** Whether tokens can be verified: the keys were fetched, or none are needed. */
    boolean areKnown() {
        return fetched || !needed;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - fetchedNanos);
    }
}
