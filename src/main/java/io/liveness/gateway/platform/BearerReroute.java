package io.liveness.gateway.platform;

import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Has a request that came in a browser's session answered by an operation of the API: as if it had been sent there with the session's
 * access token. It is authenticated, authorized and limited there like any other.
 */
public final class BearerReroute {

    /** What OIDC keeps with a request of the tenant that it has authenticated the request by. */
    private static final List<String> OF_THE_SESSION = List.of(
            OidcUtils.TENANT_ID_ATTRIBUTE,
            OidcUtils.TENANT_ID_SET_BY_SESSION_COOKIE,
            OidcUtils.TENANT_ID_SET_BY_STATE_COOKIE,
            "static.tenant.id",
            "static.tenant.id.null",
            OidcTenantConfig.class.getName(),
            "io.quarkus.oidc.runtime.TenantConfigContext",
            "io.quarkus.oidc.AuthorizationCodeTokens",
            "access_token",
            HttpAuthenticationMechanism.class.getName());

    static final String PERSON = "liveness.person";

    private BearerReroute() {}

    /**
     * Answers a request by an operation.
     *
     * @param address path and query of the operation
     * @param person whose session it is, see {@link Caller#actor}
     */
    public static void to(String address, String accessToken, String person, RoutingContext request) {
        HttpServerRequest sent = request.request();
        sent.headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + accessToken).remove(HttpHeaders.COOKIE);
        OF_THE_SESSION.forEach(request::remove);
        request.put(PERSON, person);
        request.clearUser();
        RequestId.keep(request);
        request.reroute(sent.method(), address);
    }

    /** Whose session the request came in; empty for one that was sent to the API. */
    static Optional<String> person(RoutingContext request) {
        return Optional.ofNullable(request.get(PERSON));
    }
}
