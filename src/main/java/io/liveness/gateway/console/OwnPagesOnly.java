package io.liveness.gateway.console;

import io.quarkus.security.ForbiddenException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/**
 * Refuses cross-site requests (CSRF). Browsers name the origin's relation in {@code Sec-Fetch-Site}. A request that may change something
 * must also carry the console's header, which another site's page cannot add. The issuer's own request is no browser's.
 */
class OwnPagesOnly {

    static final String HEADER = "X-Console-Request";

    private static final String SENDER = "Sec-Fetch-Site";
    private static final Set<String> OURS = Set.of("same-origin", "none");
    // After the request has its id, and before Quarkus authenticates, at 200.
    private static final int BEFORE_AUTHENTICATION = 500;

    private final ConsoleRule rule;

    OwnPagesOnly(ConsoleRule rule) {
        this.rule = rule;
    }

    void register(@Observes Filters filters) {
        if (rule.isOn()) {
            filters.register(OwnPagesOnly::check, BEFORE_AUTHENTICATION);
        }
    }

    private static void check(RoutingContext request) {
        if (!ConsolePaths.isOfConsole(request)) {
            request.next();
            return;
        }
        if (!isOurs(request)) {
            request.fail(new ForbiddenException());
            return;
        }
        // The session's cookie is what counts here.
        request.request().headers().remove(HttpHeaders.AUTHORIZATION);
        request.next();
    }

    private static boolean isOurs(RoutingContext request) {
        if (request.normalizedPath().equals(ConsolePaths.BACK_CHANNEL_SIGN_OUT)) {
            return true;
        }
        HttpServerRequest sent = request.request();
        boolean reads = sent.method().equals(HttpMethod.GET) || sent.method().equals(HttpMethod.HEAD);
        if (!reads && !(ConsolePaths.isOfScripts(request) && sent.getHeader(HEADER) != null)) {
            return false;
        }
        String sender = sent.getHeader(SENDER);
        boolean byLink = reads
                && !ConsolePaths.isOfScripts(request)
                && !request.normalizedPath().equals(ConsolePaths.SIGN_OUT);
        return byLink || sender == null || OURS.contains(sender);
    }
}
