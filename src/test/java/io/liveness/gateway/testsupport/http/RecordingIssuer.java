package io.liveness.gateway.testsupport.http;

import com.sun.net.httpserver.HttpExchange;
import io.liveness.gateway.sandbox.SandboxKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An OpenID provider that publishes one key at a time, or none, finds every token it is asked about in order, and remembers what it was
 * asked.
 */
public final class RecordingIssuer implements AutoCloseable {

    private final StubServer server = new StubServer(this::answer);
    private volatile JsonArray published;
    private volatile boolean away;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    public RecordingIssuer(SandboxKeys keys) {
        this.published = JsonArray.of(keys.publicKeyJson());
    }

    /** Publishes this key, and the one before it no longer. */
    public void publish(String keyId, SandboxKeys keys) {
        published = JsonArray.of(keys.publicKeyJson().put("kid", keyId));
    }

    /** Publishes a set without a key. */
    public void publishNothing() {
        published = new JsonArray();
    }

    /** From now on no request is answered. */
    public void goAway() {
        away = true;
    }

    public void comeBack() {
        away = false;
    }

    /** The issuer's address, which tokens carry in the claim {@code iss}. */
    public String url() {
        return server.url();
    }

    /** The paths, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (away) {
            return;
        }
        calls.add(path);
        JsonObject body =
                switch (path) {
                    case "/.well-known/openid-configuration" -> configuration();
                    case "/keys" -> new JsonObject().put("keys", published);
                    default ->
                        new JsonObject()
                                .put("active", true)
                                .put("sub", "shop")
                                .put("username", "shop")
                                .put("scope", "liveness");
                };
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        StubServer.answer(exchange, 200, body.encode());
    }

    private JsonObject configuration() {
        return new JsonObject()
                .put("issuer", url())
                .put("jwks_uri", url() + "/keys")
                .put("introspection_endpoint", url() + "/introspect")
                .put("userinfo_endpoint", url() + "/userinfo")
                .put("token_endpoint", url() + "/token");
    }

    @Override
    public void close() {
        server.close();
    }
}
