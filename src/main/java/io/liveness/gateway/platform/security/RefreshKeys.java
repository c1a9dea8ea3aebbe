package io.liveness.gateway.platform.security;

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
import org.jboss.logging.Logger;

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

    private static final Logger LOG = Logger.getLogger(RefreshKeys.class);

    private final TenantIdentityProvider issuer;
    private final IssuerKeys keys;
    private final boolean publishesKeys;
    private final Duration old;
    private boolean told;

    RefreshKeys(
            TenantIdentityProvider issuer,
            IssuerKeys keys,
            IssuerConfig config,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
            @ConfigProperty(name = "quarkus.oidc.token.forced-jwk-refresh-interval") Duration atMostEvery) {
        if (config.refreshKeysEvery().compareTo(atMostEvery) < 0) {
            throw new IllegalArgumentException("liveness.issuer.refresh-keys-every must not be shorter than"
                    + " quarkus.oidc.token.forced-jwk-refresh-interval, which is " + atMostEvery);
        }
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
        boolean areOld = keys.age().compareTo(old) > 0;
        if (areOld && !told) {
            LOG.errorf(
                    "issuer.away keysAgeSeconds=%d: the issuer's keys cannot be fetched; the last fetched keys stay in"
                            + " use, including a withdrawn one",
                    keys.age().toSeconds());
        } else if (told && !areOld) {
            LOG.info("issuer.back");
        }
        told = areOld;
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
