package io.liveness.gateway.platform.http;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;

/** Each request needs a token, before anything is routed; except a browser that comes back from the vendor's page. */
@ApplicationScoped
class TokenRequired implements HttpSecurityPolicy {

    // The pattern is of the path as it was sent, of characters that have one reading: no dots, no escapes, no second
    // slash.
    private static final Pattern PUBLIC = Pattern.compile("/v1/return/[A-Za-z0-9-]+");

    @Override
    public String name() {
        return "token-required";
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext request, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
        return isPublic(request.request())
                ? CheckResult.permit()
                : identity.map(caller -> caller.isAnonymous() ? CheckResult.DENY : CheckResult.PERMIT);
    }

    /** Where browsers come, with a query that the vendor made. */
    static boolean isPublic(HttpServerRequest request) {
        return PUBLIC.matcher(request.path()).matches()
                && (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD));
    }
}
