package io.liveness.gateway.process.leak;

import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Surroundings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What callers, operators and persons do with sessions, in every scenario of the sandbox, with data that can be found again. */
final class Walk {

    private static final String SESSIONS = "/v1/liveness-sessions";
    private static final int CREATED = 201;
    private static final int PROBLEM = 400;

    // Redirects are answers, too.
    private final HttpClient http = HttpClient.newHttpClient();
    private final String reference = mark("ref");
    private final String metadata = mark("meta");
    private final String personReference = mark("person");
    private final String personMetadata = mark("note");
    private final String returnAddress = mark("back");
    private final String key = mark("key");
    private final String costCentre = mark("cost");
    private final List<String> problems = new ArrayList<>();
    private final List<String> faces = new ArrayList<>();
    private final Surroundings around;
    private final String gateway;
    private final String shop;
    private final String operator;
    private final String finance;
    private final Marks marks;

    Walk(Surroundings around, String gateway, Marks marks) {
        this.around = around;
        this.gateway = gateway;
        this.marks = marks;
        this.shop = around.callers().accessToken("shop");
        this.operator = around.callers().accessToken("operations", "operator");
        this.finance = around.callers().accessToken("books", "finance");
        for (String token : List.of(shop, operator, finance)) {
            // Not its head, which all tokens have.
            marks.add(Datum.ACCESS_TOKEN, token.substring(token.lastIndexOf('.') + 1));
        }
        marks.add(Datum.REFERENCE, reference);
        marks.add(Datum.METADATA, metadata);
        marks.add(Datum.PERSON_REFERENCE, personReference);
        marks.add(Datum.PERSON_METADATA, personMetadata);
        marks.add(Datum.RETURN_ADDRESS, returnAddress);
        marks.add(Datum.IDEMPOTENCY_KEY, key);
        marks.add(Datum.COST_CENTRE, costCentre);
        marks.add(Datum.TITLE, "sandbox:");
    }

    private static String mark(String kind) {
        return kind + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    }

    /** Every answer that was a problem. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Sessions with a face image. */
    List<String> faces() {
        return List.copyOf(faces);
    }

    /** @return its secret, as it is shown */
    String endpoint(String url) {
        HttpResponse<String> created = send(
                "POST",
                "/v1/webhook-endpoints",
                shop,
                new JsonObject().put("url", url).encode());
        return new JsonObject(created.body()).getString("secret");
    }

    void everyScenario() {
        Scenario.scripted().forEach(scenario -> session(scenario.wireName()));
    }

    /** Sessions of a person that is erased later: one that passes, and one that does not end by itself. */
    void person() {
        for (String scenario : List.of("pass", "abandon")) {
            session(
                    "person-" + scenario,
                    order(scenario)
                            .put("reference", personReference)
                            .put("metadata", new JsonObject().put("note", personMetadata)));
        }
    }

    /** @return the erasure */
    String erasePerson() {
        JsonObject request = new JsonObject().put("reference", personReference);
        HttpResponse<String> started =
                send("POST", "/v1/erasures", shop, request.encode(), "Idempotency-Key", key + "-erasure");
        return new JsonObject(started.body()).getString("id");
    }

    boolean isErased(String erasure) {
        send("GET", "/v1/erasures", shop, null);
        JsonObject state = new JsonObject(
                send("GET", "/v1/erasures/" + erasure, shop, null).body());
        return state.getString("status").equals("DONE") && state.getInteger("sessionsErased") == 2;
    }

    private void session(String scenario) {
        session(scenario, order(scenario));
    }

    private void session(String scenario, JsonObject order) {
        HttpResponse<String> opened = open(scenario, order);
        open(scenario, order);
        open(scenario, order.copy().put("actionStyle", "RANDOM"));
        if (opened.statusCode() != CREATED) {
            return;
        }
        JsonObject session = new JsonObject(opened.body());
        String path = SESSIONS + "/" + session.getString("id");
        String token = session.getString("token");
        marks.add(Datum.VENDOR_TOKEN, token);
        send(
                "POST",
                SESSIONS + "/lookup",
                shop,
                new JsonObject().put("token", token).encode());
        send("GET", "/v1/return/" + session.getString("id") + "?passed=passed&token=" + token, null, null);
        send("POST", path + "/check", shop, "");
        for (String reader : List.of(shop, operator, finance, around.callers().accessToken("another-shop"))) {
            send("GET", path, reader, null);
            send("GET", path + "/events", reader, null);
            send("GET", path + "/data-events", reader, null);
            send("GET", "/v1/charges/" + session.getString("id") + "/history", reader, null);
        }
        if (send("GET", path + "/face-image", shop, null).statusCode() < PROBLEM) {
            faces.add(session.getString("id"));
        }
    }

    /** Lists and feeds, and requests that are refused. */
    void readsAndRefusals() {
        for (String reader : List.of(shop, operator, finance)) {
            send("GET", SESSIONS + "?reference=" + reference, reader, null);
            send("GET", "/v1/charges?costCentre=" + costCentre, reader, null);
            send("GET", "/v1/charges/summary?by=day&costCentre=" + costCentre, reader, null);
            send("GET", "/v1/events", reader, null);
            send("GET", "/v1/webhook-endpoints", reader, null);
        }
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                        "returnUrl", "ftp://" + returnAddress,
                        "title", "sandbox:" + "x".repeat(1000),
                        "reference", reference + "\u0000",
                        "costCentre", costCentre + " with blanks",
                        "metadata", new JsonObject().put("note", metadata.repeat(1000)),
                        "actions", reference,
                        "unknown", metadata)
                .entrySet()) {
            open("refused", order("pass").put(wrong.getKey(), wrong.getValue()));
        }
        send("POST", SESSIONS, shop, "{\"reference\":\"" + reference + "\",");
        send(
                "POST",
                SESSIONS + "/lookup",
                shop,
                new JsonObject().put("token", reference).encode());
        send("GET", SESSIONS + "?status=" + reference, shop, null);
        send("GET", SESSIONS, shop + "x", null);
        send("POST", SESSIONS, shop, order("pass").encode(), "Idempotency-Key", key + " with blanks");
        send(
                "POST",
                "/v1/webhook-endpoints",
                shop,
                new JsonObject()
                        .put("url", "https://" + reference + ".example/")
                        .encode());
    }

    /** A session of another caller and a later time, without any of the marks. It stays pending. */
    void laterSession() {
        send(
                "POST",
                SESSIONS,
                around.callers().accessToken("another-shop"),
                new JsonObject().put("returnUrl", "https://another.example/").encode(),
                "Idempotency-Key",
                UUID.randomUUID().toString());
    }

    void redact(String session) {
        send("DELETE", SESSIONS + "/" + session + "/face-image", shop, null);
    }

    private JsonObject order(String scenario) {
        return new JsonObject()
                .put("returnUrl", "https://shop.example/" + returnAddress + "/" + scenario)
                .put("title", "sandbox:" + scenario)
                .put("reference", reference)
                .put("metadata", new JsonObject().put("note", metadata))
                .put("costCentre", costCentre);
    }

    private HttpResponse<String> open(String scenario, JsonObject order) {
        return send("POST", SESSIONS, shop, order.encode(), "Idempotency-Key", key + "-" + scenario);
    }

    private HttpResponse<String> send(String method, String path, String token, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null && !body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= PROBLEM) {
                problems.add(answer.headers().map() + "\n" + answer.body());
            }
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path.replaceAll("\\?.*", ""), e);
        }
    }
}
