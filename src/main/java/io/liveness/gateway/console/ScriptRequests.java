package io.liveness.gateway.console;

import io.quarkus.oidc.JavaScriptRequestChecker;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/** A script whose session has ended learns it by 401: led to the issuer, it would get a page of another site. */
@ApplicationScoped
class ScriptRequests implements JavaScriptRequestChecker {

    @Override
    public boolean isJavaScriptRequest(RoutingContext request) {
        return ConsolePaths.isOfScripts(request);
    }
}
