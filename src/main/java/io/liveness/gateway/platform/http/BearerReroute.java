package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.RequestId;
import io.liveness.gateway.platform.security.Caller;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Has a request that came in a browser's session answered by an operation of the API: as if it had been sent there with the session's
 * access token. It is authenticated, authorized and limited there like any other.
 */
public final class BearerReroute {

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
        RequestId.keep(request);
        // The identity, tenant and mechanism of the console's session: the request is authenticated again.
        request.clearUser();
        request.data().clear();
        request.put(PERSON, person);
        request.reroute(sent.method(), address);
    }

    /** Whose session the request came in; empty for one that was sent to the API. */
    static Optional<String> person(RoutingContext request) {
        return Optional.ofNullable(request.get(PERSON));
    }
}
