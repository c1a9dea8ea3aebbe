package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.liveness.gateway.testsupport.http.TraceCollector;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Callers, people and operators use every scenario of the sandbox, with data that can be found again, and one person is erased. Then logs,
 * metrics, traces, problems, webhooks and tables are searched.
 */
@Tag("long")
class LeakIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SESSIONS = "/v1/liveness-sessions";
    private static final String RECEIVER = "/leak";

    /** A secret is in no place but, encrypted, the database. */
    private static final Set<String> SECRETS = Set.of(
            "app secret",
            "encryption key",
            "access token",
            "vendor token",
            "check page",
            "face image",
            "webhook secret");

    /** The data map of docs/privacy.md tells which tables have these values in the clear. */
    private static final Map<String, Set<String>> IN_THE_CLEAR = Map.of(
            "reference", Set.of("liveness_session.reference"),
            "metadata", Set.of("liveness_session.metadata"),
            "title", Set.of("liveness_session.title"),
            "return address", Set.of("liveness_session.return_url"),
            "key", Set.of("liveness_session.idempotency_key"),
            "cost centre", Set.of("liveness_session.cost_centre", "ledger_entry.cost_centre"));

    private static final String COLUMNS = """
            select quote_ident(c.relname), quote_ident(a.attname)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
            """;

    /** What is looked for, with its kind. */
    private static final Map<String, String> marks = new TreeMap<>();

    private static final List<String> problems = new ArrayList<>();
    private static final HttpClient http = HttpClient.newHttpClient();

    private static Surroundings around;
    private static TraceCollector collector;
    private static GatewayProcess gateway;
    private static String metrics;
    private static Map<String, Set<String>> tables;
    private static Map<String, Set<String>> tablesAfterErasure;

    @BeforeAll
    static void use_everything() {
        collector = new TraceCollector();
        around = new Surroundings(SandboxSettings.defaults()
                .withTokenLifetime(Duration.ofSeconds(20))
                .withSlowAnswer(Duration.ofMillis(100)));
        GatewayEnvironment environment = around.environment()
                .with("jumdata.calls-per-second", "1000")
                .with("jumdata.timeout", "2s")
                .with("liveness.opening-timeout", "10s")
                .with("liveness.return-hop.base-url", "http://localhost:1")
                .with("liveness.webhook.allowed-hosts", StubReceiver.allowedHost())
                .with("quarkus.log.category.\"io.liveness.gateway\".level", "DEBUG")
                .with("quarkus.otel.sdk.disabled", "false")
                .with("quarkus.otel.exporter.otlp.endpoint", collector.url());
        gateway = around.start(environment);
        mark("app secret", environment.value("jumdata.app-secret").orElseThrow());
        mark(
                "encryption key",
                environment.value("liveness.encryption.keys").orElseThrow().replaceFirst("^[^:]*:", ""));
        mark("check page", "capture.html");
        mark("face image", "v2-1/face/");
        mark("title", "sandbox:");

        mark("webhook secret", endpoint().substring("whsec_".length()));
        Scenario.scripted().forEach(scenario -> session(scenario.wireName(), order(scenario.wireName(), "")));
        session("person", order("pass", "of-person-"));
        readsAndRefusals();
        around.books().rows().forEach(row -> mark("vendor token", row.token()));
        Patience.await("webhooks to be delivered", PATIENCE)
                .until(() -> count("select count(*) from webhook_delivery") > 0
                        && count("select count(*) from webhook_delivery where status = 'PENDING'") == 0);
        metrics = gateway.metrics();
        tables = search();
        JsonObject erasure = new JsonObject().put("reference", value("reference", "of-person-"));
        send("POST", "/v1/erasures", shop(), erasure, "key-of-the-erasure");
        Patience.await("the person to be erased", PATIENCE.multipliedBy(2))
                .until(() -> count("select count(*) from liveness_session where erased_at is not null") == 1);
        tablesAfterErasure = search();
        gateway.askToStop();
        gateway.awaitExit();
    }

    @AfterAll
    static void end() {
        around.close();
        collector.close();
    }

    @Test
    void no_line_of_a_log_has_any() {
        assertThat(gateway.output()).anyMatch(line -> line.contains("DEBUG"));
        assertThat(found(gateway.output())).isEmpty();
        assertThat(found(gateway.errors())).isEmpty();
    }

    @Test
    void no_metric_has_any() {
        assertThat(metrics).contains("liveness_webhook_attempts_seconds_count");
        assertThat(found(List.of(metrics))).isEmpty();
    }

    @Test
    void no_trace_has_any() {
        assertThat(String.join("\n", collector.received())).contains("insert into liveness_session");
        assertThat(found(collector.received())).isEmpty();
    }

    @Test
    void no_problem_has_any() {
        assertThat(problems).hasSizeGreaterThan(30);
        assertThat(found(problems)).isEmpty();
    }

    @Test
    void no_webhook_has_any_but_references() {
        List<String> webhooks = StubReceiver.received(RECEIVER).stream()
                .map(webhook -> webhook.headers() + webhook.body())
                .toList();
        assertThat(found(webhooks)).containsOnly("reference", "of-person-reference");
    }

    @Test
    void a_table_has_data_in_the_clear_only_where_the_data_map_says_and_no_secret() {
        Map<String, Set<String>> allowed = new TreeMap<>(IN_THE_CLEAR);
        IN_THE_CLEAR.forEach((kind, columns) -> {
            if (Set.of("reference", "metadata").contains(kind)) {
                allowed.put("of-person-" + kind, columns);
            }
        });

        assertThat(marks.values()).containsAll(SECRETS);
        assertThat(tables).isEqualTo(allowed);
    }

    @Test
    void after_an_erasure_no_table_has_anything_of_the_person() {
        assertThat(tablesAfterErasure.keySet()).contains("reference").noneMatch(kind -> kind.startsWith("of-person-"));
    }

    private static String shop() {
        return token("shop", "liveness");
    }

    private static String token(String caller, String role) {
        String token = around.callers().accessToken(caller, role);
        mark("access token", token.substring(token.lastIndexOf('.') + 1));
        return token;
    }

    private static void mark(String kind, String value) {
        marks.put(value, kind);
    }

    /** Returns one value for each person and kind, however often it is asked. */
    private static String value(String kind, String person) {
        String value = person.replace("-", "")
                + kind.replace(" ", "")
                + UUID.nameUUIDFromBytes((person + kind).getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8);
        mark(person + kind, value);
        return value;
    }

    private static String endpoint() {
        return new JsonObject(send(
                                "POST",
                                "/v1/webhook-endpoints",
                                shop(),
                                new JsonObject().put("url", StubReceiver.at(RECEIVER)),
                                null)
                        .body())
                .getString("secret");
    }

    private static JsonObject order(String scenario, String person) {
        return new JsonObject()
                .put("returnUrl", "https://shop.example/" + value("return address", "") + "/" + scenario)
                .put("title", "sandbox:" + scenario)
                .put("reference", value("reference", person))
                .put("metadata", new JsonObject().put("note", value("metadata", person)))
                .put("costCentre", value("cost centre", ""));
    }

    private static void session(String name, JsonObject order) {
        String key = value("key", "") + "-" + name;
        HttpResponse<String> opened = send("POST", SESSIONS, shop(), order, key);
        send("POST", SESSIONS, shop(), order.copy().put("actionStyle", "RANDOM"), key);
        if (opened.statusCode() != 201) {
            return;
        }
        JsonObject session = new JsonObject(opened.body());
        String path = SESSIONS + "/" + session.getString("id");
        String token = session.getString("token");
        mark("vendor token", token);
        send("POST", SESSIONS + "/lookup", shop(), new JsonObject().put("token", token), null);
        send("GET", "/v1/return/" + session.getString("id") + "?passed=passed&token=" + token, null, null, null);
        send("POST", path + "/check", shop(), null, null);
        for (String reader : List.of(
                shop(),
                token("operations", "operator"),
                token("books", "finance"),
                token("another-shop", "liveness"))) {
            for (String read : List.of(
                    path, path + "/events", path + "/data-events", path + "/deliveries", path + "/face-image")) {
                send("GET", read, reader, null, null);
            }
        }
    }

    private static void readsAndRefusals() {
        String reference = value("reference", "");
        for (String reader : List.of(shop(), token("operations", "operator"), token("books", "finance"))) {
            for (String read : List.of(
                    SESSIONS + "?reference=" + reference,
                    "/v1/find?text=" + reference,
                    "/v1/health",
                    "/v1/charges?costCentre=" + value("cost centre", ""),
                    "/v1/charges/summary?groupBy=day",
                    "/v1/insights?costCentre=" + value("cost centre", ""),
                    "/v1/events",
                    "/v1/webhook-endpoints",
                    SESSIONS + "?status=" + reference)) {
                send("GET", read, reader, null, null);
            }
        }
        Map.<String, Object>of(
                        "returnUrl", "ftp://" + value("return address", ""),
                        "title", "sandbox:" + "x".repeat(1000),
                        "reference", reference + "\u0000",
                        "costCentre", value("cost centre", "") + " with blanks",
                        "metadata",
                                new JsonObject()
                                        .put("note", value("metadata", "").repeat(1000)),
                        "actions", reference,
                        "unknown", value("metadata", ""))
                .forEach((field, wrong) -> session("refused", order("pass", "").put(field, wrong)));
        send("GET", SESSIONS, shop() + "x", null, null);
        send("POST", SESSIONS, shop(), order("pass", ""), value("key", "") + " with blanks");
    }

    private static HttpResponse<String> send(String method, String path, String token, JsonObject body, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .timeout(PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 400) {
                problems.add(answer.headers().map() + "\n" + answer.body());
            }
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path.replaceAll("\\?.*", ""), e);
        }
    }

    /** The kinds of what is in these texts: as it is, in base64, or in the digits by which PostgreSQL shows bytes. */
    private static Set<String> found(List<String> texts) {
        Set<String> found = new TreeSet<>();
        String all = String.join("\n", texts);
        marks.forEach((mark, kind) -> {
            byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
            if (all.contains(mark)
                    || all.contains(Base64.getEncoder().withoutPadding().encodeToString(bytes))
                    || all.contains(HexFormat.of().formatHex(bytes))) {
                found.add(kind);
            }
        });
        return found;
    }

    /** The columns of all tables that have something in the clear, by its kind. */
    private static Map<String, Set<String>> search() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (List<String> column : around.database().rows(COLUMNS)) {
            List<String> values = around
                    .database()
                    .rows("select distinct %s::text from %s where %1$s is not null"
                            .formatted(column.get(1), column.get(0)))
                    .stream()
                    .map(row -> row.get(0))
                    .toList();
            found(values)
                    .forEach(kind -> found.computeIfAbsent(kind, none -> new TreeSet<>())
                            .add(column.get(0) + "." + column.get(1)));
        }
        return found;
    }

    private static long count(String sql) {
        return around.database().count(sql);
    }
}
