package io.liveness.gateway.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcResponseFilter;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Caches the identity of a verified token until it ends, for a minute at most, or until its issuer's keys change. Refused tokens are not
 * cached. See docs/decisions/0070-the-contract-is-written-by-hand.md
 */
@Singleton
@Unremovable
@OidcEndpoint(OidcEndpoint.Type.JWKS)
public class VerifiedTokens implements OidcResponseFilter {

    private static final String SCHEME = "Bearer ";
    /**
     * The claim of a token that its sender alone may use, by a proof with each request (RFC 7800). A bearer proves
     * nothing.
     */
    private static final String BOUND_TO_A_KEY = "cnf";
    /** Claims that only an ID token has (OpenID Connect Core, 3.1.3.6 and 3.3.2.11). */
    private static final List<String> OF_AN_ID_TOKEN = List.of("at_hash", "c_hash");

    /** Tokens that each replica remembers. */
    static final int REMEMBERED = 2_000;

    private static final Duration VERIFIED_FOR = Duration.ofMinutes(1);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private record Verified(Uni<SecurityIdentity> caller, Instant end) {}

    private final TokenRules config;
    private final Clock clock;
    private volatile Cache<String, Verified> verified;

    VerifiedTokens(TokenRules config, Clock clock) {
        this.config = config;
        this.clock = clock;
        Caller.isNamedBy(config.callerClaim());
        forget();
    }

    /** When the issuer's keys were fetched: it may have withdrawn a key. */
    @Override
    public Uni<Void> filter(OidcResponseFilterContext keys) {
        Context turn = Vertx.currentContext();
        if (turn == null) {
            forget();
        } else {
            // Quarkus has put the new keys in place when this turn of the event loop ends.
            turn.runOnContext(ended -> forget());
        }
        return Uni.createFrom().voidItem();
    }

    /** Each token is verified anew. */
    void forget() {
        // A new cache, not an empty one: a token that is being verified by the old keys goes to the old cache.
        verified = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(VERIFIED_FOR)
                .executor(Runnable::run)
                .build();
    }

    /**
     * @param authorization the header, null when there is none
     * @param verification for a token that is not known
     * @param refused is told why a token was refused, and the caller where the issuer vouches for its name
     */
    public Uni<SecurityIdentity> caller(
            String authorization,
            Supplier<Uni<SecurityIdentity>> verification,
            BiConsumer<TokenRefusal, Optional<Caller>> refused) {
        if (!isToken(authorization)) {
            return verification.get();
        }
        String token = authorization.substring(SCHEME.length());
        Cache<String, Verified> known = verified;
        Verified earlier = known.getIfPresent(token);
        if (earlier != null && clock.instant().isBefore(earlier.end)) {
            return earlier.caller;
        }
        return checked(verification.get(), refused).invoke(caller -> {
            if (isOf(token, caller)) {
                known.put(token, new Verified(Uni.createFrom().item(withoutItsRequest(caller)), end(caller)));
            }
        });
    }

    private Uni<SecurityIdentity> checked(
            Uni<SecurityIdentity> verification, BiConsumer<TokenRefusal, Optional<Caller>> refused) {
        return verification
                .onFailure()
                .invoke(failure -> refused.accept(TokenRefusal.of(failure), Optional.empty()))
                .invoke(caller -> refusal(caller).ifPresent(reason -> {
                    refused.accept(reason, Caller.named(caller));
                    throw new AuthenticationFailedException();
                }));
    }

    /** Why a verified token is refused: it must be made for bearers, and not for longer than the configured life. */
    private Optional<TokenRefusal> refusal(SecurityIdentity caller) {
        if (caller == null || !(caller.getPrincipal() instanceof JsonWebToken claims)) {
            return Optional.empty();
        }
        if (claims.getClaim(BOUND_TO_A_KEY) != null) {
            return Optional.of(TokenRefusal.KEY_BOUND);
        }
        if (isIdToken(claims)) {
            return Optional.of(TokenRefusal.ID_TOKEN);
        }
        Instant latest = clock.instant().plus(config.longestLife()).plus(CLOCKS_DIFFER);
        return Instant.ofEpochSecond(claims.getExpirationTime()).isAfter(latest)
                ? Optional.of(TokenRefusal.ENDS_TOO_LATE)
                : Optional.empty();
    }

    /** Keycloak says so in the claim {@code typ}. */
    private static boolean isIdToken(JsonWebToken claims) {
        return "ID".equals(claims.getClaim("typ"))
                || OF_AN_ID_TOKEN.stream().anyMatch(claim -> claims.getClaim(claim) != null);
    }

    /** Returns true if no token that has the claim is accepted. */
    static boolean isRefusedWith(String claim) {
        return claim.equals(BOUND_TO_A_KEY) || OF_AN_ID_TOKEN.contains(claim);
    }

    private static boolean isToken(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /** Whose token it is depends on the token alone. */
    private static boolean isOf(String token, SecurityIdentity caller) {
        return caller != null
                && caller.getPrincipal() instanceof JsonWebToken claims
                && token.equals(claims.getRawToken());
    }

    private Instant end(SecurityIdentity caller) {
        Instant ofToken = Instant.ofEpochSecond(((JsonWebToken) caller.getPrincipal()).getExpirationTime());
        Instant configured = clock.instant().plus(VERIFIED_FOR);
        return ofToken.isBefore(configured) ? ofToken : configured;
    }

    /** Copies claims, roles, token and person. Other attributes may belong to the request, and operations check roles only. */
    private static SecurityIdentity withoutItsRequest(SecurityIdentity caller) {
        QuarkusSecurityIdentity.Builder kept = QuarkusSecurityIdentity.builder()
                .setPrincipal(caller.getPrincipal())
                .addRoles(caller.getRoles())
                .addCredentials(caller.getCredentials());
        Person.of(caller).ifPresent(person -> kept.addAttribute(Person.ATTRIBUTE, person));
        return kept.build();
    }

    /** Access tokens: which are accepted. */
    @ConfigMapping(prefix = "liveness.tokens")
    interface TokenRules {

        /** How far ahead a token's end ({@code exp}) may be; a minute more is allowed for clocks. */
        @WithDefault("24h")
        @DurationMin(minutes = 1, message = "liveness.tokens.longest-life must be at least 1m")
        Duration longestLife();

        String CLIENT = "azp";

        /**
         * Claim that names the <a href="docs/configuration.md#callers-and-roles">caller</a>, such as {@code client_id} where the issuer has
         * no {@code azp}, or {@code sub} with service accounts of Kubernetes. A token without it is refused.
         */
        @WithDefault(CLIENT)
        @Pattern(regexp = "\\S+", message = "liveness.tokens.caller-claim must name a claim, without spaces")
        String callerClaim();
    }
}
