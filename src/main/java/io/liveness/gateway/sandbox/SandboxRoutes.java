package io.liveness.gateway.sandbox;

import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts the sandbox on the gateway's own port in dev mode and in tests that run the gateway in the same process. */
@ApplicationScoped
class SandboxRoutes {

    @Produces
    @Singleton
    Sandbox sandbox(SandboxConfig config, Clock clock) {
        return new Sandbox(config, clock);
    }

    void mount(@Observes Router router, Sandbox sandbox, SandboxConfig config) {
        config.signingKey().map(SandboxKeys::restore).ifPresent(keys -> {
            new TokenIssuer(keys).mount(router);
            new SignInApi(keys).mount(router);
        });
        sandbox.mount(router);
    }
}
