package io.liveness.gateway.console;

import io.quarkus.oidc.JavaScriptRequestChecker;
import io.quarkus.oidc.TenantResolver;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** The addresses of the console. All need a signed-in person except where noted. */
final class ConsolePaths {

    static final String ROOT = "/console";
    static final String API = ROOT + "/v1/";
    static final String ME = ROOT + "/me";
    static final String STATIC = ROOT + "/static/";
    static final String SIGN_OUT = ROOT + "/sign-out";
    static final String SIGNED_OUT = ROOT + "/signed-out";
    /** The issuer calls it and proves itself by a signed token; Quarkus serves it. */
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

    /**
     * Cookies count under {@code /console} alone. Without this OIDC would also go by the name of a cookie, or by a part of the path that
     * is named like the tenant: a session's cookie would then open {@code /v1} to other sites' pages.
     */
    @ApplicationScoped
    static class Tenant implements TenantResolver {

        private static final String CONSOLE = "console";

        private final ConsoleRule rule;

        Tenant(ConsoleRule rule) {
            this.rule = rule;
        }

        @Override
        public String resolve(RoutingContext request) {
            return rule.isOn() && ConsolePaths.isOfConsole(request) ? CONSOLE : OidcUtils.DEFAULT_TENANT_ID;
        }
    }

    /** Answers 401 to a script whose session has ended; a redirect to the issuer would give it another site's page. */
    @ApplicationScoped
    static class ScriptRequests implements JavaScriptRequestChecker {

        @Override
        public boolean isJavaScriptRequest(RoutingContext request) {
            return ConsolePaths.isOfScripts(request);
        }
    }

    /** Requires a signed-in person for the console, except for {@link ConsolePaths#isPublic}. */
    @ApplicationScoped
    static class SignInRequired implements HttpSecurityPolicy {

        private final ConsoleRule rule;

        SignInRequired(ConsoleRule rule) {
            this.rule = rule;
        }

        @Override
        public String name() {
            return "sign-in-required";
        }

        @Override
        public Uni<CheckResult> checkPermission(
                RoutingContext request, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
            // Nothing is behind these addresses while the console is off.
            return !rule.isOn() || ConsolePaths.isPublic(request)
                    ? CheckResult.permit()
                    : identity.map(person -> person.isAnonymous() ? CheckResult.DENY : CheckResult.PERMIT);
        }
    }
}
