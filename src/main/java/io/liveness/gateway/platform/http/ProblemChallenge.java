package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.VerifiedTokens;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * OIDC as it is, except that it is not asked about a token it has verified a short while ago, and that its 401 carries a
 * problem: every challenge passes here, wherever it was decided. A browser that must sign in is sent to the issuer.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class ProblemChallenge implements HttpAuthenticationMechanism {

    private static final int SEE_ISSUER = 302;

    private final OidcAuthenticationMechanism oidc;
    private final VerifiedTokens tokens;
    private final AccessRefusals refusals;
    private final ProblemWriter writer;

    ProblemChallenge(
            OidcAuthenticationMechanism oidc, VerifiedTokens tokens, AccessRefusals refusals, ProblemWriter writer) {
        this.oidc = oidc;
        this.tokens = tokens;
        this.refusals = refusals;
        this.writer = writer;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager identities) {
        Uni<SecurityIdentity> caller = tokens.caller(
                request.request().getHeader(HttpHeaders.AUTHORIZATION),
                () -> verified(request, identities),
                (reason, named) -> AccessRefusals.keep(reason, named, request));
        // The person comes after the cache of tokens: it is of this request, whether its token was known or not.
        return BearerReroute.person(request)
                .map(person -> caller.map(identity -> Caller.inSessionOf(person, identity)))
                .orElse(caller);
    }

    private Uni<SecurityIdentity> verified(RoutingContext request, IdentityProviderManager identities) {
        // OIDC fails with one of these when the parts of a token are malformed: that is an invalid token, not a fault.
        return oidc.authenticate(request, identities)
                .onFailure(failure -> failure instanceof NoSuchElementException
                        || failure instanceof IllegalArgumentException
                        || failure instanceof IndexOutOfBoundsException)
                .transform(AuthenticationFailedException::new);
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return oidc.getChallenge(request);
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext request) {
        return getChallenge(request).map(challenge -> {
            if (challenge != null && challenge.status == SEE_ISSUER) {
                challenge
                        .getHeaders()
                        .forEach((name, value) -> request.response().putHeader(name, value));
                request.response().setStatusCode(SEE_ISSUER).end();
                return true;
            }
            refusals.unauthenticated(request);
            request.response().putHeader("WWW-Authenticate", "Bearer");
            writer.write(unauthenticated(), request);
            return true;
        });
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return oidc.getCredentialTypes();
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
        return oidc.getCredentialTransport(request);
    }

    static ProblemException unauthenticated() {
        return new ProblemException(
                ProblemCode.UNAUTHENTICATED, "Send Authorization: Bearer <token> of the configured issuer.");
    }
}
