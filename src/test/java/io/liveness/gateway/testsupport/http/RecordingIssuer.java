package io.liveness.gateway.testsupport.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.liveness.gateway.sandbox.SandboxKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An OpenID provider that publishes one key at a time, or none, finds every token it is asked about in order, and remembers what it was
 * asked.
 */
public final class RecordingIssuer implements AutoCloseable {

    private final HttpServer server;
    private volatile JsonArray published;
    private volatile boolean away;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private RecordingIssuer(HttpServer server, SandboxKeys keys) {
        this.server = server;
        this.published = JsonArray.of(keys.publicKeyJson());
    }

    public static RecordingIssuer start(SandboxKeys keys) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RecordingIssuer issuer = new RecordingIssuer(server, keys);
        server.createContext("/", issuer::answer);
        server.start();
        return issuer;
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

    /** As in the claim {@code iss}. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
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
        byte[] body =
                switch (path) {
                    case "/.well-known/openid-configuration" -> json(configuration());
                    case "/keys" -> json(new JsonObject().put("keys", published));
                    default ->
                        json(new JsonObject()
                                .put("active", true)
                                .put("sub", "shop")
                                .put("username", "shop")
                                .put("scope", "liveness"));
                };
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private JsonObject configuration() {
        return new JsonObject()
                .put("issuer", url())
                .put("jwks_uri", url() + "/keys")
                .put("introspection_endpoint", url() + "/introspect")
                .put("userinfo_endpoint", url() + "/userinfo")
                .put("token_endpoint", url() + "/token");
    }

    private static byte[] json(JsonObject object) {
        return object.encode().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
