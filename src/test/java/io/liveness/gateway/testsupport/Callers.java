package io.liveness.gateway.testsupport;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Internal services that call a gateway in another process. */
public final class Callers {

    public static final String METADATA = "metadata-that-no-log-may-hold";

    private static final String SESSIONS = "/v1/liveness-sessions";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String accessToken;

    public Callers(SandboxKeys keys) {
        this.accessToken = new TokenIssuer(keys).issue("shop", Set.of("liveness"), Duration.ofHours(1));
    }

    /** @param body empty when the answer had none */
    public record Answer(int status, boolean replayed, JsonObject body) {

        public String id() {
            return body.getString("id");
        }

        public String sessionStatus() {
            return body.getString("status");
        }
    }

    /** The token they call with. */
    public String accessToken() {
        return accessToken;
    }

    /** Where the person comes back to: one address a key, so that the vendor's books tell which key a fee belongs to. */
    public static String returnUrl(String key) {
        return "https://shop.example/done/" + key;
    }

    /** @param scenario of the sandbox */
    public Answer open(String gateway, String key, String scenario) {
        return openLater(gateway, key, scenario).join();
    }

    public CompletableFuture<Answer> openLater(String gateway, String key, String scenario) {
        JsonObject order = new JsonObject()
                .put("returnUrl", returnUrl(key))
                .put("title", "sandbox:" + scenario)
                .put("reference", key)
                .put("metadata", new JsonObject().put("note", METADATA));
        return send(request(gateway + SESSIONS)
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(order.encode())));
    }

    public CompletableFuture<Answer> checkLater(String gateway, String id) {
        return send(request(gateway + SESSIONS + "/" + id + "/check").POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** @return the HTTP status of a request without a body, made with a token that is in order */
    public int status(String method, String address) {
        return send(
                        request(address).method(method, HttpRequest.BodyPublishers.noBody()),
                        response -> response.statusCode())
                .join();
    }

    private HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + accessToken);
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return send(request, Callers::answer);
    }

    private <T> CompletableFuture<T> send(HttpRequest.Builder request, Function<HttpResponse<String>, T> reading) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(reading);
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(
                response.statusCode(),
                response.headers()
                        .firstValue("Idempotency-Replayed")
                        .map("true"::equals)
                        .orElse(false),
                response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body()));
    }
}
