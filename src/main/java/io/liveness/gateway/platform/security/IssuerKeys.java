package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.Outage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcRequestFilter;
import io.quarkus.oidc.common.OidcResponseFilter;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
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

    /** Whether Quarkus would use any key of the set. */
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

    /** Keys of the issuer of access tokens. */
    @ConfigMapping(prefix = "liveness.issuer")
    interface IssuerSettings {

        /**
         * How often keys are fetched, and so how long a withdrawn one is accepted. At least
         * {@code quarkus.oidc.token.forced-jwk-refresh-interval}.
         */
        @WithDefault("5m")
        @DurationMin(seconds = 1, message = "liveness.issuer.refresh-keys-every must be at least 1s")
        Duration refreshKeysEvery();

        /** Limit of an answer of the issuer. */
        @WithDefault("5s")
        @DurationMin(millis = 100, message = "liveness.issuer.timeout must be at least 100ms")
        @DurationMax(minutes = 1, message = "liveness.issuer.timeout must be at most 1m")
        Duration timeout();
    }

    /**
     * A replica that has not fetched the issuer's keys yet can verify no token and is not ready, so that a roll-out with a wrong address
     * of the issuer stops at its first replica. Once it has, the issuer may be away.
     */
    @Produces
    @Readiness
    @Unremovable
    @Singleton
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("issuer").status(areKnown()).build();
    }

    /**
     * Limits how long the issuer may take to answer. Quarkus limits the time until it is connected alone, so that a token of an unknown
     * key would wait for as long as the network swallows.
     */
    @Singleton
    @Unremovable
    static class Timeout implements OidcRequestFilter {

        private final Duration timeout;

        Timeout(IssuerKeys.IssuerSettings config) {
            this.timeout = config.timeout();
        }

        @Override
        public Uni<Void> filter(OidcRequestFilterContext request) {
            request.request().timeout(timeout.toMillis());
            return Uni.createFrom().voidItem();
        }
    }

    /**
     * Fetches the issuer's keys again from time to time, so that a key the issuer has withdrawn is not accepted any longer. Quarkus
     * fetches them at the start and when a token names a key that it does not know; so it is shown one. The keys at hand stay in use
     * while the issuer is away.
     */
    @Startup
    @Singleton
    static class Refresh {

        private static final AccessTokenCredential TOKEN_OF_AN_UNKNOWN_KEY = new AccessTokenCredential(
                base64("{\"alg\":\"RS256\",\"kid\":\"unknown\"}") + "." + base64("{}") + "." + base64("no signature"));

        private final TenantIdentityProvider issuer;
        private final IssuerKeys keys;
        private final boolean publishesKeys;
        private final Duration old;
        private final Outage outage = new Outage("issuer", Duration.ZERO);

        Refresh(
                TenantIdentityProvider issuer,
                IssuerKeys keys,
                IssuerKeys.IssuerSettings config,
                @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server) {
            this.issuer = issuer;
            this.keys = keys;
            this.publishesKeys = server.isPresent();
            this.old = config.refreshKeysEvery().multipliedBy(2);
        }

        @NonBlocking
        @Scheduled(
                identity = "refresh-keys",
                every = "${liveness.issuer.refresh-keys-every:5m}",
                concurrentExecution = ConcurrentExecution.SKIP)
        Uni<Void> refresh() {
            if (!publishesKeys) {
                return Uni.createFrom().voidItem();
            }
            return issuer.authenticate(TOKEN_OF_AN_UNKNOWN_KEY)
                    .onFailure()
                    .recoverWithNull()
                    .invoke(this::report)
                    .replaceWithVoid();
        }

        /** A replica without keys is not ready, so no request arrives that would fetch them. */
        @NonBlocking
        @Scheduled(identity = "first-keys", every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
        Uni<Void> fetchFirst() {
            return keys.areKnown() ? Uni.createFrom().voidItem() : refresh();
        }

        private void report() {
            if (!keys.areKnown()) {
                outage.failed("The issuer's keys were not fetched since the start; the replica is not ready");
            } else if (keys.age().compareTo(old) > 0) {
                outage.failed(
                        "keysAgeSeconds=%d The issuer's keys cannot be fetched; the last fetched keys stay in use, including a withdrawn one"
                                .formatted(keys.age().toSeconds()));
            } else {
                outage.works();
            }
        }

        private static String base64(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
