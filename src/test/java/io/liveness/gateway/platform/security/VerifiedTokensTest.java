package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedTokensTest {

    private static final Duration VERIFIED_FOR = Duration.ofSeconds(60);
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int MAX = VerifiedTokens.REMEMBERED;
    private static final String TOKEN = "head.body.signature";

    private final Time time = new Time();
    private final List<String> verifications = new ArrayList<>();
    private final List<TokenRefusal> refused = new ArrayList<>();
    private final BiConsumer<TokenRefusal, Optional<Caller>> tells = (reason, caller) -> refused.add(reason);
    private final VerifiedTokens tokens = tokens();

    private static final class Time extends Clock {

        private Instant now = Instant.parse("2026-11-25T08:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private record Configured(Duration longestLife) implements VerifiedTokens.TokenRules {

        @Override
        public String callerClaim() {
            return CLIENT;
        }
    }

    private record Claims(Map<String, Object> claims) implements JsonWebToken {

        @Override
        public String getName() {
            return getClaim("sub");
        }

        @Override
        public Set<String> getClaimNames() {
            return claims.keySet();
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T getClaim(String name) {
            return (T) claims.get(name);
        }
    }

    @Test
    void a_token_is_verified_once() {
        SecurityIdentity first = send(TOKEN);
        SecurityIdentity second = send(TOKEN);

        assertThat(verifications).containsExactly(TOKEN);
        assertThat(second.getPrincipal()).isSameAs(first.getPrincipal());
        assertThat(second.getRoles()).isEqualTo(first.getRoles()).containsExactly("liveness");
        assertThat(second.isAnonymous()).isFalse();
    }

    @Test
    void another_token_is_verified_for_itself() {
        send(TOKEN);
        send("head.body.other");

        assertThat(verifications).containsExactly(TOKEN, "head.body.other");
    }

    @Test
    void a_token_is_verified_again_after_the_configured_time() {
        send(TOKEN);
        time.now = time.now.plus(VERIFIED_FOR).minusMillis(1);
        send(TOKEN);
        assertThat(verifications).hasSize(1);

        time.now = time.now.plusMillis(1);
        send(TOKEN);

        assertThat(verifications).hasSize(2);
    }

    @Test
    void a_token_is_verified_again_from_its_own_end_on() {
        Duration life = Duration.ofSeconds(5);
        send(TOKEN, life);
        time.now = time.now.plus(life).minusMillis(1);
        send(TOKEN, life);
        assertThat(verifications).hasSize(1);

        time.now = time.now.plusMillis(1);
        send(TOKEN, life);

        assertThat(verifications).hasSize(2);
    }

    @Test
    void what_names_no_caller_by_this_token_is_verified_each_time() {
        verifiedEachTime(tokens, "Bearer " + TOKEN, Uni.createFrom().failure(new AuthenticationFailedException()));
        verifiedEachTime(tokens, "Bearer " + TOKEN, Uni.createFrom().nullItem());
        verifiedEachTime(tokens, "Bearer " + TOKEN, Uni.createFrom().item(caller("of.another.header", LIFE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic eDp4", "Bearer", "DPoP " + TOKEN, ""})
    void a_header_without_a_bearer_token_is_left_to_the_verification(String authorization) {
        verifiedEachTime(tokens, authorization, Uni.createFrom().item(caller(TOKEN, LIFE)));
    }

    private void verifiedEachTime(VerifiedTokens tokens, String authorization, Uni<SecurityIdentity> outcome) {
        int before = verifications.size();
        for (int i = 0; i < 2; i++) {
            tokens.caller(authorization, () -> verification(authorization, outcome), tells)
                    .onFailure(AuthenticationFailedException.class)
                    .recoverWithNull()
                    .await()
                    .indefinitely();
        }
        assertThat(verifications).hasSize(before + 2);
    }

    @ParameterizedTest
    @CsvSource({"cnf, KEY_BOUND", "at_hash, ID_TOKEN", "c_hash, ID_TOKEN"})
    void an_id_token_and_one_that_is_bound_to_a_key_are_refused(String claim, TokenRefusal reason) {
        Map<String, Object> claims = claims(TOKEN, LIFE);
        claims.put(claim, "any");

        assertThat(isRefused(claims, tokens)).isTrue();
        assertThat(isRefused(claims, tokens)).isTrue();
        assertThat(refused).containsExactly(reason, reason);
    }

    @ParameterizedTest
    @CsvSource({"ID, true", "Bearer, false", "JWT, false"})
    void an_id_token_of_keycloak_is_refused(String type, boolean refused) {
        Map<String, Object> claims = claims(TOKEN, LIFE);
        claims.put("typ", type);

        assertThat(isRefused(claims, tokens)).isEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource({"PT24H, false", "PT24H1M, false", "PT24H1M1S, true", "P365D, true"})
    void a_token_that_ends_after_more_than_a_day_is_refused(Duration life, boolean refused) {
        assertThat(isRefused(claims(TOKEN, life), tokens)).isEqualTo(refused);
    }

    private boolean isRefused(Map<String, Object> claims, VerifiedTokens tokens) {
        return tokens.caller("Bearer " + TOKEN, () -> Uni.createFrom().item(identity(claims)), tells)
                .onItemOrFailure()
                .transform((caller, failure) -> failure instanceof AuthenticationFailedException)
                .await()
                .indefinitely();
    }

    @Test
    void no_more_tokens_are_remembered_than_configured() {
        List<String> many =
                IntStream.range(0, 3 * MAX).mapToObj(i -> "token." + i).toList();
        many.forEach(this::send);
        assertThat(verifications).hasSize(many.size());

        many.forEach(this::send);

        assertThat(verifications).hasSizeGreaterThanOrEqualTo(2 * many.size() - MAX);
    }

    @Test
    void when_the_keys_have_changed_a_token_is_verified_again() {
        send(TOKEN);

        tokens.forget();

        send(TOKEN);
        assertThat(verifications).hasSize(2);
    }

    @Test
    void what_was_verified_by_keys_that_changed_meanwhile_is_verified_again() {
        CompletableFuture<SecurityIdentity> underWay = new CompletableFuture<>();
        tokens.caller(
                        "Bearer " + TOKEN,
                        () -> verification(TOKEN, Uni.createFrom().completionStage(underWay)),
                        tells)
                .subscribe()
                .with(caller -> {});

        tokens.forget();
        underWay.complete(caller(TOKEN, LIFE));

        send(TOKEN);
        assertThat(verifications).hasSize(2);
    }

    @Test
    void nothing_is_remembered_of_the_request_that_brought_the_token() {
        send(TOKEN);

        SecurityIdentity remembered = send(TOKEN);

        assertThat(remembered.getAttributes()).isEmpty();
        assertThat(remembered.getCredential(AccessTokenCredential.class).getToken())
                .isEqualTo(TOKEN);
    }

    private VerifiedTokens tokens() {
        return new VerifiedTokens(new Configured(Duration.ofDays(1)), time);
    }

    private SecurityIdentity send(String token) {
        return send(token, LIFE);
    }

    private SecurityIdentity send(String token, Duration life) {
        return tokens.caller(
                        "Bearer " + token,
                        () -> verification(token, Uni.createFrom().item(caller(token, life))),
                        tells)
                .await()
                .indefinitely();
    }

    private Uni<SecurityIdentity> verification(String token, Uni<SecurityIdentity> outcome) {
        verifications.add(token);
        return outcome;
    }

    private SecurityIdentity caller(String token, Duration life) {
        return identity(claims(token, life));
    }

    private Map<String, Object> claims(String token, Duration life) {
        return new HashMap<>(Map.of(
                "sub", "shop", "raw_token", token, "exp", time.now.plus(life).getEpochSecond()));
    }

    /** An identity with the parts that OIDC gives it. */
    private static SecurityIdentity identity(Map<String, Object> claims) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new Claims(claims))
                .addRole("liveness")
                .addCredential(new AccessTokenCredential((String) claims.get("raw_token")))
                .addAttribute("tenant-id", "Default")
                .addAttribute(RoutingContext.class.getName(), "the request")
                .build();
    }
}
