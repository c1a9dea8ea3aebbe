package io.liveness.gateway.testsupport;

import static io.restassured.RestAssured.given;

import io.liveness.gateway.testsupport.contract.KeepsTheContract;
import io.liveness.gateway.testsupport.http.PlainPaths;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The gateway's API as an internal service uses it. */
public final class Api {

    public static final String SESSIONS = "/v1/liveness-sessions";
    public static final String CHARGES = "/v1/charges";

    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    private final String subject;
    private final String caller;
    private final String roles;

    private Api(String subject, String caller, String roles) {
        this.subject = subject;
        this.caller = caller;
        this.roles = roles;
    }

    public static Api as(String caller) {
        return as(caller, "liveness");
    }

    /** @param roles with a plus between them */
    public static Api as(String caller, String roles) {
        return new Api(caller, caller, roles);
    }

    /** A person that uses a client, which is the caller. */
    public static Api person(String subject, String client, String roles) {
        return new Api(subject, client, roles);
    }

    /** A caller that no other test uses. */
    public static Api asNewCaller() {
        return as("shop-" + UUID.randomUUID());
    }

    /** Who the token is of, at each client. */
    public String subject() {
        return subject;
    }

    public String caller() {
        return caller;
    }

    public RequestSpecification request() {
        return given().filter(new KeepsTheContract()).header("Authorization", "Bearer " + token());
    }

    public String token() {
        return TOKENS.computeIfAbsent(subject + "/" + caller + "/" + roles, key -> issued());
    }

    public Response open(String key, String body) {
        return request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(SESSIONS);
    }

    /** Opens a session of a scenario of the sandbox, with a new key. */
    public Response open(String scenario) {
        return open(UUID.randomUUID().toString(), scenario(scenario));
    }

    /** Imports a session that was opened elsewhere. */
    public Response importSession(String key, JsonObject request) {
        return request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(request.encode())
                .post(SESSIONS + "/import");
    }

    /** A request to import what nobody else has. */
    public static JsonObject openedElsewhere(Instant at) {
        return new JsonObject()
                .put("token", "token-" + UUID.randomUUID())
                .put("taskNo", UUID.randomUUID().toString())
                .put("openedAt", at.toString())
                .put("init", new JsonObject(scenario("pass")));
    }

    public static String scenario(String name) {
        return "{\"returnUrl\":\"https://shop.example/done\",\"title\":\"sandbox:" + name + "\"}";
    }

    /** @return the id of a session opened with success */
    public String opened(String scenario) {
        return open(scenario).then().statusCode(201).extract().path("id");
    }

    /** @return the id of a session that was opened with success, and asked about once */
    public String settled(String scenario) {
        String id = opened(scenario);
        check(id);
        return id;
    }

    /** What all pages of a list have of a field, in their order. */
    public <T> List<T> allPages(String list, int pageSize, String field) {
        List<T> all = new ArrayList<>();
        String token = null;
        do {
            RequestSpecification page = request().queryParam("pageSize", pageSize);
            Response answer = (token == null ? page : page.queryParam("pageToken", token)).get(list);
            answer.then().statusCode(200);
            all.addAll(answer.path(field));
            token = answer.path("nextPageToken");
        } while (token != null);
        return all;
    }

    /** The answers to requests that are sent at the same time. */
    public static <T> List<T> atOnce(int many, Supplier<T> request) {
        ExecutorService callers = Executors.newFixedThreadPool(many);
        try {
            return Stream.generate(() -> CompletableFuture.supplyAsync(request, callers)).limit(many).toList().stream()
                    .map(CompletableFuture::join)
                    .toList();
        } finally {
            callers.shutdownNow();
        }
    }

    public Response get(String id) {
        return request().get(SESSIONS + "/" + id);
    }

    public Response check(String id) {
        return request().post(SESSIONS + "/" + id + "/check");
    }

    public List<String> eventTypes(String id) {
        return types(id, "events");
    }

    public List<String> dataEventTypes(String id) {
        return types(id, "data-events");
    }

    private List<String> types(String id, String events) {
        return request()
                .get(SESSIONS + "/" + id + "/" + events)
                .then()
                .statusCode(200)
                .extract()
                .path("items.type");
    }

    private String issued() {
        Response issued = given().contentType(ContentType.JSON)
                .body(Map.of("subject", subject, "client", caller, "groups", List.of(roles.split("\\+"))))
                .post("/sandbox/tokens");
        return PlainPaths.of(issued).then().statusCode(200).extract().path("accessToken");
    }
}
