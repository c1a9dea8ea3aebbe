package io.liveness.gateway.console;

import io.quarkus.oidc.TenantResolver;
import io.quarkus.oidc.runtime.OidcUtils;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Cookies count under {@code /console} alone. Without this OIDC would also go by the name of a cookie, or by a part of the path that
 * is named like the tenant: a session's cookie would then open {@code /v1} to other sites' pages.
 */
@ApplicationScoped
class ConsoleTenant implements TenantResolver {

    private static final String CONSOLE = "console";

    private final ConsoleRule rule;

    ConsoleTenant(ConsoleRule rule) {
        this.rule = rule;
    }

    @Override
    public String resolve(RoutingContext request) {
        return rule.isOn() && ConsolePaths.isOfConsole(request) ? CONSOLE : OidcUtils.DEFAULT_TENANT_ID;
    }
}
