package io.liveness.gateway.platform.security;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Fetches the issuer's keys again from time to time, so that a key the issuer has withdrawn is not accepted any longer. Quarkus
 * fetches them at the start and when a token names a key that it does not know; so it is shown one. The keys at hand stay in use
 * while the issuer is away.
 */
@Singleton
class RefreshKeys {

    private static final AccessTokenCredential TOKEN_OF_AN_UNKNOWN_KEY = new AccessTokenCredential(
            base64("{\"alg\":\"RS256\",\"kid\":\"unknown\"}") + "." + base64("{}") + "." + base64("no signature"));

    private final TenantIdentityProvider issuer;
    private final boolean publishesKeys;

    RefreshKeys(
            TenantIdentityProvider issuer,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server) {
        this.issuer = issuer;
        this.publishesKeys = server.isPresent();
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
                .replaceWithVoid();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
