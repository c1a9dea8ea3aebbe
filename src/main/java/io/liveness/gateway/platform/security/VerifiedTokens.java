package io.liveness.gateway.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Caches the identity of verified tokens, so that a token is verified once: until the token ends, at most for {@code
 * liveness.tokens.verified-for}, and until its issuer's keys change. Refused tokens are not cached. See
 * docs/decisions/0030-a-token-is-verified-once.md
 */
@Singleton
public class VerifiedTokens {

    private static final String SCHEME = "Bearer ";
    /** Of a token that is its sender's alone (RFC 7800): each request must prove that. */
    private static final String BOUND_TO_A_KEY = "cnf";

    private record Verified(Uni<SecurityIdentity> caller, Instant end) {}

    private final TokensConfig config;
    private final Clock clock;
    private volatile Cache<ByteBuffer, Verified> verified;

    VerifiedTokens(TokensConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        forget();
    }

    /** Each token is verified anew. */
    void forget() {
        // A new cache, not an empty one: a token that is being verified by the old keys goes to the old cache.
        verified = Caffeine.newBuilder()
                .maximumSize(config.maxVerified())
                .expireAfterWrite(config.verifiedFor())
                .executor(Runnable::run)
                .build();
    }

    /**
     * @param authorization the header, null when there is none
     * @param verification for a token that is not known
     */
    public Uni<SecurityIdentity> caller(String authorization, Supplier<Uni<SecurityIdentity>> verification) {
        if (config.verifiedFor().isZero() || !isToken(authorization)) {
            return verification.get();
        }
        String token = authorization.substring(SCHEME.length());
        ByteBuffer hash = hash(token);
        Cache<ByteBuffer, Verified> known = verified;
        Verified earlier = known.getIfPresent(hash);
        if (earlier != null && clock.instant().isBefore(earlier.end)) {
            return earlier.caller;
        }
        return verification.get().invoke(caller -> {
            if (isOf(token, caller)) {
                known.put(hash, new Verified(Uni.createFrom().item(withoutItsRequest(caller)), end(caller)));
            }
        });
    }

    private static boolean isToken(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /** Whose token it is depends on the token alone. */
    private static boolean isOf(String token, SecurityIdentity caller) {
        return caller != null
                && caller.getPrincipal() instanceof JsonWebToken claims
                && token.equals(claims.getRawToken())
                && claims.getClaim(BOUND_TO_A_KEY) == null;
    }

    private Instant end(SecurityIdentity caller) {
        Instant ofToken = Instant.ofEpochSecond(((JsonWebToken) caller.getPrincipal()).getExpirationTime());
        Instant configured = clock.instant().plus(config.verifiedFor());
        return ofToken.isBefore(configured) ? ofToken : configured;
    }

    /** Copies claims, roles and token. Attributes may belong to the request, and operations check roles only. */
    private static SecurityIdentity withoutItsRequest(SecurityIdentity caller) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(caller.getPrincipal())
                .addRoles(caller.getRoles())
                .addCredentials(caller.getCredentials())
                .build();
    }

    private static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
