package io.liveness.gateway.console;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/** Requires a signed-in person for the console, except for {@link ConsolePaths#isPublic}. */
@ApplicationScoped
class SignInRequired implements HttpSecurityPolicy {

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
        // While it is off there is nothing behind these addresses.
        return !rule.isOn() || ConsolePaths.isPublic(request)
                ? CheckResult.permit()
                : identity.map(person -> person.isAnonymous() ? CheckResult.DENY : CheckResult.PERMIT);
    }
}
