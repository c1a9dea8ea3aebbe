package io.liveness.gateway.console;

import io.liveness.gateway.platform.http.BearerReroute;
import io.liveness.gateway.platform.http.BodyLimit;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The routes under {@code /console} while it is on: pages, files, the signed-in person, and the way to the API. */
class ConsoleRoutes {

    private static final String PAGE = "index.html";
    private static final int SEE_OTHER = 303;
    private static final int BEFORE_FILTERS = -899;

    private final ConsoleRule rule;
    private final ConsoleFiles files;
    private final BodyLimit bodies;

    ConsoleRoutes(ConsoleRule rule, ConsoleFiles files, BodyLimit bodies) {
        this.rule = rule;
        this.files = files;
        this.bodies = bodies;
    }

    void register(@Observes Router router) {
        if (!rule.isOn()) {
            return;
        }
        router.post(ConsolePaths.BACK_CHANNEL_SIGN_OUT).order(BEFORE_FILTERS).handler(bodies::leaveToFilter);
        // The route is a pattern: a path would also match the one with a slash, which it leads to.
        router.getWithRegex(ConsolePaths.ROOT).handler(request -> seeOther(ConsolePaths.ROOT + "/", request));
        router.get(ConsolePaths.STATIC + "*").handler(this::file);
        router.get(ConsolePaths.SIGNED_OUT).handler(request -> files.serve("signed-out.html", request));
        router.get(ConsolePaths.SIGN_IN_FAILED).handler(request -> files.serve("sign-in-failed.html", request));
        router.get(ConsolePaths.ROOT + "/signed-in").handler(request -> files.serve("signed-in.html", request));
        router.get(ConsolePaths.ME).handler(ConsoleRoutes::tellWho);
        router.route(ConsolePaths.API + "*").handler(ConsoleRoutes::forward);
        // A view has the address that its filters are in; the page reads it.
        router.getWithRegex("/console/(?:[a-z-]+(?:/[\\w-]+)?)?").handler(request -> files.serve(PAGE, request));
        router.route(ConsolePaths.ROOT + "/*").failureHandler(ConsoleRoutes::failed);
    }

    private void file(RoutingContext request) {
        files.serve(request.normalizedPath().substring(ConsolePaths.ROOT.length() + 1), request);
    }

    private static void tellWho(RoutingContext request) {
        SecurityIdentity person = person(request);
        JsonWebToken token = (JsonWebToken) person.getPrincipal();
        String name = token.getClaim("name");
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject()
                        .put("name", name == null ? token.getName() : name)
                        .put("userName", userName(person))
                        .put(
                                "roles",
                                new JsonArray(
                                        person.getRoles().stream().sorted().toList()))
                        // The page outside of production leads to the demo and to the API's page.
                        .put("demo", LaunchMode.current().isDevOrTest())
                        .toBuffer());
    }

    /** The token stays here: the browser has nothing but its cookie. */
    private static void forward(RoutingContext request) {
        String address = request.request().uri();
        if (!address.startsWith(ConsolePaths.API)) {
            request.next();
            return;
        }
        SecurityIdentity person = person(request);
        String token = person.getCredential(AccessTokenCredential.class).getToken();
        BearerReroute.to(address.substring(ConsolePaths.ROOT.length()), token, userName(person), request);
    }

    /** The name in the ID token: the user name, else the subject. */
    private static String userName(SecurityIdentity person) {
        JsonWebToken token = (JsonWebToken) person.getPrincipal();
        String name = token.getClaim("preferred_username");
        return name == null || name.isBlank() ? token.getSubject() : name;
    }

    private static SecurityIdentity person(RoutingContext request) {
        return ((QuarkusHttpUser) request.user()).getSecurityIdentity();
    }

    /** A person reads a page where a script reads a problem. */
    private static void failed(RoutingContext request) {
        Throwable failure = request.failure();
        if (request.response().ended()) {
            return;
        }
        if (failure instanceof AuthenticationRedirectException) {
            // Quarkus has written status and address.
            request.response().end();
        } else if (!ConsolePaths.isOfScripts(request)
                && !ConsolePaths.isPublic(request)
                && (failure instanceof AuthenticationCompletionException || failure instanceof OIDCException)) {
            seeOther(ConsolePaths.SIGN_IN_FAILED, request);
        } else {
            request.next();
        }
    }

    private static void seeOther(String address, RoutingContext request) {
        request.response()
                .setStatusCode(SEE_OTHER)
                .putHeader(HttpHeaders.LOCATION, address)
                .end();
    }
}
