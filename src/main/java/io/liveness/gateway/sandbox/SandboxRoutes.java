package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.issuer.IssuerApi;
import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.liveness.gateway.sandbox.issuer.SignInApi;
import io.liveness.gateway.sandbox.settings.SandboxConfig;
import io.vertx.core.Vertx;
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
    Sandbox sandbox(Vertx vertx, SandboxConfig config, Clock clock) {
        return new Sandbox(vertx, config, clock);
    }

    void mount(@Observes Router router, Sandbox sandbox, SandboxConfig config) {
        config.signingKey().map(SandboxKeys::restore).ifPresent(keys -> {
            new IssuerApi(keys).mount(router);
            new SignInApi(keys).mount(router);
        });
        sandbox.mount(router);
    }
}
