package io.liveness.gateway.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.client.ApiClient;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.ApiResponse;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Internal services that call a gateway in another process, by the client that the contract makes. */
public final class Callers {

    public static final String METADATA = "metadata-that-no-log-may-hold";

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    // Made once: it costs far more than a problem does to read, and in a crowd there are thousands of them.
    private static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();
    // The client blocks: each request under way has a separate thread.
    private static final Executor THREADS = Executors.newCachedThreadPool(Callers::daemon);

    private final HttpClient http = http().build();
    private final Map<String, LivenessSessionsApi> clients = new ConcurrentHashMap<>();
    private final SandboxKeys keys;
    private final String accessToken;

    public Callers(SandboxKeys keys) {
        this.keys = keys;
        this.accessToken = accessToken("shop");
    }

    /**
     * A session or a problem, as the status says.
     *
     * @param retryAfter when the request may be sent again
     */
    public record Answer(
            int status,
            boolean replayed,
            Optional<Session> session,
            Optional<Problem> problem,
            Optional<Duration> retryAfter) {

        public String id() {
            return session.orElseThrow().getId().toString();
        }

        public String sessionStatus() {
            return session.orElseThrow().getStatus().getValue();
        }

        public boolean vendorRefused() {
            return problem.map(Problem::getVendorCode).isPresent();
        }
    }

    @FunctionalInterface
    private interface Request {
        ApiResponse<Session> send() throws ApiException;
    }

    /** The token they call with. */
    public String accessToken() {
        return accessToken;
    }

    /** The token of another caller. */
    public String accessToken(String caller) {
        return accessToken(caller, "liveness");
    }

    public String accessToken(String subject, String role) {
        return new TokenIssuer(keys).issue(subject, Set.of(role), Duration.ofHours(1));
    }

    /** The token of a person, who uses a client. */
    public String personToken(String person, String role) {
        return new TokenIssuer(keys).issue(person, "office", Set.of(role), Duration.ofHours(1));
    }

    /** The person comes back to one address a key, so that the vendor's books tell which key a fee belongs to. */
    public static String returnUrl(String key) {
        return "https://shop.example/done/" + key;
    }

    /** @param scenario of the sandbox */
    public Answer open(String gateway, String key, String scenario) {
        return openLater(gateway, key, scenario).join();
    }

    /** Fails with an {@link UncheckedIOException} when there was no answer. */
    public CompletableFuture<Answer> openLater(String gateway, String key, String scenario) {
        OpenSessionRequest order = new OpenSessionRequest()
                .returnUrl(returnUrl(key))
                .title("sandbox:" + scenario)
                .reference(key)
                .metadata(Map.of("note", METADATA));
        return later(() -> at(gateway).openSessionWithHttpInfo(key, order));
    }

    public CompletableFuture<Answer> checkLater(String gateway, String id) {
        return later(() -> at(gateway).checkSessionWithHttpInfo(UUID.fromString(id)));
    }

    /** @return the HTTP status of a request that the contract may not know, made with a token that is in order */
    public int status(String method, String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + accessToken)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .join()
                .statusCode();
    }

    /** Posts JSON with an idempotency key of its content: operations without keys ignore it. @return the answer, which must have this status */
    public JsonObject post(String address, JsonObject body, int status) {
        return new JsonObject(RestAssured.given()
                .header("Authorization", "Bearer " + accessToken)
                .header("Idempotency-Key", UUID.nameUUIDFromBytes(body.encode().getBytes(StandardCharsets.UTF_8)))
                .contentType(ContentType.JSON)
                .body(body.encode())
                .post(address)
                .then()
                .statusCode(status)
                .extract()
                .asString());
    }

    /** The problem that an answer other than 2xx held. */
    public static Problem problem(ApiException failure) {
        try {
            return JSON.readValue(failure.getResponseBody(), Problem.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(failure.getCode() + " without a problem", e);
        }
    }

    private LivenessSessionsApi at(String gateway) {
        return clients.computeIfAbsent(gateway, address -> {
            ApiClient client = new ApiClient();
            client.updateBaseUri(address);
            client.setHttpClientBuilder(http());
            client.setReadTimeout(PATIENCE);
            client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + accessToken));
            return new LivenessSessionsApi(client);
        });
    }

    private static HttpClient.Builder http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    }

    private static CompletableFuture<Answer> later(Request request) {
        return CompletableFuture.supplyAsync(() -> answer(request), THREADS);
    }

    private static Answer answer(Request request) {
        try {
            ApiResponse<Session> response = request.send();
            boolean replayed = response.getHeaders()
                    .getOrDefault("Idempotency-Replayed", List.of())
                    .contains("true");
            return new Answer(
                    response.getStatusCode(),
                    replayed,
                    Optional.of(response.getData()),
                    Optional.empty(),
                    Optional.empty());
        } catch (ApiException failure) {
            return answer(failure);
        }
    }

    private static Answer answer(ApiException failure) {
        if (failure.getResponseBody() != null) {
            return new Answer(
                    failure.getCode(), false, Optional.empty(), Optional.of(problem(failure)), retryAfter(failure));
        }
        if (failure.getCause() instanceof IOException noAnswer && !(noAnswer instanceof JsonProcessingException)) {
            throw new UncheckedIOException(noAnswer);
        }
        throw new AssertionError("an answer that the contract does not know", failure);
    }

    private static Optional<Duration> retryAfter(ApiException failure) {
        return failure.getResponseHeaders()
                .firstValue("Retry-After")
                .map(Long::parseLong)
                .map(Duration::ofSeconds);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "caller");
        thread.setDaemon(true);
        return thread;
    }
}
