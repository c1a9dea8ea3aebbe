package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.Outage;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Fetches the issuer's keys again from time to time, so that a key the issuer has withdrawn is not accepted any longer. Quarkus
 * fetches them at the start and when a token names a key that it does not know; so it is shown one. The keys at hand stay in use
 * while the issuer is away.
 */
@Startup
@Singleton
class RefreshKeys {

    private static final AccessTokenCredential TOKEN_OF_AN_UNKNOWN_KEY = new AccessTokenCredential(
            base64("{\"alg\":\"RS256\",\"kid\":\"unknown\"}") + "." + base64("{}") + "." + base64("no signature"));

    private final TenantIdentityProvider issuer;
    private final IssuerKeys keys;
    private final boolean publishesKeys;
    private final Duration old;
    private final Outage outage = new Outage("issuer", Duration.ZERO);

    RefreshKeys(
            TenantIdentityProvider issuer,
            IssuerKeys keys,
            IssuerConfig config,
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
