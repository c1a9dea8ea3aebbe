package io.liveness.gateway.testsupport.http;

import com.sun.net.httpserver.HttpExchange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** What clients see of a gateway on a bad day: the answers that a test names, one after the other. */
public final class ScriptedGateway implements AutoCloseable {

    private static final String PROBLEM = "application/problem+json";
    private static final String SESSION = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10";

    private static final String STALLED = "{";

    private static final String TIME = "2026-11-25T08:02:00Z";

    /** A request as it came. */
    public record Asked(String key, String authorization, String query) {}

    private record Answer(int status, String mediaType, int retryAfter, String body) {}

    private final StubServer server = new StubServer(this::answer);
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    public ScriptedGateway session(String status) {
        JsonObject session = json("id", SESSION)
                .put("status", status)
                .put("returnUrl", "https://shop.example/done")
                .put("actionStyle", "OF_A_LATER_VERSION")
                .put("actions", new JsonArray())
                .put("actionMutex", true)
                .put("antiCameraHack", true)
                .put("charge", json("status", "PRE_DEDUCTED"))
                .put("createdAt", TIME)
                .put("updatedAt", TIME);
        return answers(200, "application/json", 0, session);
    }

    public ScriptedGateway problem(int status, String code) {
        return problem(status, code, 0);
    }

    public ScriptedGateway problem(int status, String code, int retryAfter) {
        return answers(status, PROBLEM, retryAfter, problemOf(status, code));
    }

    /** A page of the feed. */
    public ScriptedGateway events(String next, String... types) {
        JsonArray items = new JsonArray();
        Stream.of(types)
                .map(type -> json("id", SESSION)
                        .put("type", type)
                        .put("timestamp", TIME)
                        .put("data", new JsonObject()))
                .forEach(items::add);
        return answers(200, "application/json", 0, json("next", next).put("items", items));
    }

    public ScriptedGateway restored(String next) {
        return answers(410, PROBLEM, 0, problemOf(410, "feed-restored").put("next", next));
    }

    private static JsonObject problemOf(int status, String code) {
        return json("code", code)
                .put("status", status)
                .put("type", "/problems#" + code)
                .put("title", code)
                .put("detail", "As the test asks")
                .put("instance", "/")
                .put("requestId", "a-request");
    }

    private ScriptedGateway answers(int status, String mediaType, int retryAfter, JsonObject body) {
        answers.add(new Answer(status, mediaType, retryAfter, body.encode()));
        return this;
    }

    public ScriptedGateway proxy(int status) {
        answers.add(new Answer(status, "text/html", 0, "<h1>It is not there</h1>"));
        return this;
    }

    /** The connection ends without an answer. */
    public ScriptedGateway nothing() {
        answers.add(new Answer(0, "", 0, ""));
        return this;
    }

    /** The beginning of a problem, whose connection stays open. */
    public ScriptedGateway stalled(int status) {
        answers.add(new Answer(status, PROBLEM, 0, STALLED));
        return this;
    }

    /** A proxy's idea of a problem. */
    public ScriptedGateway broken(int status) {
        answers.add(new Answer(status, PROBLEM, 0, "{\"code\": <h1>"));
        return this;
    }

    /** A proxy's problem, without a code. */
    public ScriptedGateway foreign(int status) {
        return answers(status, PROBLEM, 0, json("title", "Not now"));
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    public List<Asked> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(new Asked(
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestURI().getQuery()));
        exchange.getRequestBody().readAllBytes();
        Answer answer = answers.remove();
        exchange.getResponseHeaders().set("Content-Type", answer.mediaType());
        exchange.getResponseHeaders().set("Retry-After", Integer.toString(answer.retryAfter()));
        if (answer.status() == 0) {
            exchange.close();
        } else if (answer.body().equals(STALLED)) {
            exchange.sendResponseHeaders(answer.status(), STALLED.length() + 1);
            exchange.getResponseBody().write(STALLED.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        } else {
            StubServer.answer(exchange, answer.status(), answer.body());
        }
    }

    private static JsonObject json(String name, String value) {
        return new JsonObject().put(name, value);
    }

    @Override
    public void close() {
        server.close();
    }
}
