package io.liveness.gateway.sandbox;

import io.liveness.gateway.platform.postgres.Batch;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.InstantSource;

/**
 * An imitation of the vendor after its published document: its two calls, its check page's needs, its books, and
 * {@link Scenario}s for all that may go wrong. Everything is in memory.
 */
public final class Sandbox {

    private final SandboxConfig config;
    private final InstantSource clock;
    private final Books books;
    private final Faces faces = new Faces();

    /** @param clock by which calls are stamped and tokens expire */
    Sandbox(SandboxConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.books = new Books(config, clock);
    }

    /** Adds the sandbox's addresses; the router's others stay as they are. */
    void mount(Router router) {
        Pages.mount(router);
        faces.mount(router);
        new VendorCalls(config, clock, books, faces).mount(router);
        new SandboxApi(books, clock).mount(router);
        new WebhookReceiver(clock).mount(router);
    }

    /** The vendor's own books. */
    public Books books() {
        return books;
    }

    /** The one face image of all checks. */
    public static byte[] faceImage() {
        return Faces.JPEG.clone();
    }

    /** Removes every face image, as the vendor does at some time. */
    public void forgetFaces() {
        faces.clear();
    }

    /** Forgets every check, fee, call and face image. */
    public void clear() {
        books.clear();
        faces.clear();
    }

    /** Puts the sandbox on the gateway's own port in dev mode and in tests that run the gateway in the same process. */
    @ApplicationScoped
    static class Routes {

        @Produces
        @Singleton
        Sandbox sandbox(SandboxConfig config, Clock clock) {
            return new Sandbox(config, clock);
        }

        void mount(@Observes Router router, Sandbox sandbox, SandboxConfig config, Batch batch) {
            config.signingKey().map(SandboxKeys::restore).ifPresent(keys -> {
                new TokenIssuer(keys).mount(router);
                new SignInApi(keys).mount(router);
            });
            new MakeMonth(batch::transact, config).mount(router);
            sandbox.mount(router);
        }
    }
}
