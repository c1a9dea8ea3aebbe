package io.liveness.gateway.platform.security;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcResponseFilter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;

/** Each token is verified anew when the issuer's keys were fetched: the issuer may have withdrawn a key. */
@Singleton
@Unremovable
@OidcEndpoint(OidcEndpoint.Type.JWKS)
class ForgetTokensOfOldKeys implements OidcResponseFilter {

    private final VerifiedTokens tokens;

    ForgetTokensOfOldKeys(VerifiedTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Uni<Void> filter(OidcResponseFilterContext keys) {
        Context turn = Vertx.currentContext();
        if (turn == null) {
            tokens.forget();
        } else {
            // Quarkus has put the new keys in place when this turn of the event loop ends.
            turn.runOnContext(ended -> tokens.forget());
        }
        return Uni.createFrom().voidItem();
    }
}
