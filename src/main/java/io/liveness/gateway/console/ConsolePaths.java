package io.liveness.gateway.console;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** The addresses of the console. All need a signed-in person except where noted. */
final class ConsolePaths {

    static final String ROOT = "/console";
    static final String API = ROOT + "/v1/";
    static final String ME = ROOT + "/me";
    static final String STATIC = ROOT + "/static/";
    static final String SIGN_OUT = ROOT + "/sign-out";
    static final String SIGNED_OUT = ROOT + "/signed-out";
    /** For the issuer, which proves itself by a signed token; served by Quarkus. */
    static final String BACK_CHANNEL_SIGN_OUT = ROOT + "/back-channel-sign-out";

    static final String SIGN_IN_FAILED = ROOT + "/sign-in-failed";

    private static final Set<String> PUBLIC = Set.of(SIGNED_OUT, SIGN_IN_FAILED, BACK_CHANNEL_SIGN_OUT);

    private ConsolePaths() {}

    static boolean isOfConsole(RoutingContext request) {
        String path = request.normalizedPath();
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /** Addresses that scripts call: they answer 401 where a page redirects to the issuer. */
    static boolean isOfScripts(RoutingContext request) {
        String path = request.normalizedPath();
        return path.startsWith(API) || path.equals(ME);
    }

    /** Static files, pages for people who are not signed in, and what the issuer calls. */
    static boolean isPublic(RoutingContext request) {
        String path = request.normalizedPath();
        return path.startsWith(STATIC) || PUBLIC.contains(path);
    }
}
