package io.liveness.gateway.console;

import io.quarkus.oidc.JavaScriptRequestChecker;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/** Answers 401 to a script whose session has ended; a redirect to the issuer would give it another site's page. */
@ApplicationScoped
class ScriptRequests implements JavaScriptRequestChecker {

    @Override
    public boolean isJavaScriptRequest(RoutingContext request) {
        return ConsolePaths.isOfScripts(request);
    }
}
