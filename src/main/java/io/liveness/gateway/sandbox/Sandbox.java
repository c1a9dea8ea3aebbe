package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.books.Books;
import io.liveness.gateway.sandbox.books.BooksApi;
import io.liveness.gateway.sandbox.check.Checks;
import io.liveness.gateway.sandbox.http.Json;
import io.liveness.gateway.sandbox.http.StaticPages;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.sandbox.settings.SandboxConfig;
import io.liveness.gateway.sandbox.vendor.Faces;
import io.liveness.gateway.sandbox.vendor.InitCall;
import io.liveness.gateway.sandbox.vendor.RequestCheck;
import io.liveness.gateway.sandbox.vendor.ResultCall;
import io.liveness.gateway.sandbox.vendor.VendorCalls;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;

/**
 * An imitation of the vendor after its published document: its two calls, its check page's needs, its books, and
 * {@link Scenario}s for all that may go wrong. Everything is in memory.
 */
public final class Sandbox {

    private final Vertx vertx;
    private final SandboxConfig config;
    private final InstantSource clock;
    private final Books books;
    private final Checks checks;
    private final Faces faces = new Faces();

    /** @param clock by which calls are stamped and tokens expire */
    public Sandbox(Vertx vertx, SandboxConfig config, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        this.books = new Books(clock, config.price());
        this.checks = new Checks(config);
    }

    /** Adds the sandbox's addresses; the router's others stay as they are. */
    public void mount(Router router) {
        StaticPages pages = new StaticPages(vertx);
        pages.mount(router);
        faces.mount(router);
        new VendorCalls(
                        config,
                        new RequestCheck(config, clock),
                        new InitCall(checks, books, clock),
                        new ResultCall(checks, faces, clock),
                        books)
                .mount(router);
        new CaptureApi(checks, clock).mount(router);
        new BooksApi(books).mount(router);
        router.get("/sandbox/scenarios").handler(Sandbox::scenarios);
    }

    /** For the start page to choose from. */
    private static void scenarios(RoutingContext context) {
        JsonArray scenarios = new JsonArray();
        Scenario.scripted()
                .forEach(scenario -> scenarios.add(new JsonObject()
                        .put("name", scenario.wireName())
                        .put("title", scenario.title())
                        .put("zh", scenario.chinese())
                        .put("en", scenario.english())));
        Json.ok(context, scenarios);
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
        checks.clear();
        books.clear();
        faces.clear();
    }
}
