package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.Check.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the pages of the sandbox call: the check of the check page, the scenarios of the start page, and the vendor's books. */
final class SandboxApi {

    private static final String CHECK = "/sandbox/checks/:token";
    /** The header of a bill; a line for each fee follows. */
    static final String HEADER = "taskNo,time,status,amount\n";

    private static final int SHOWN_OF_TOKEN = 4;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private final Books books;
    private final InstantSource clock;

    SandboxApi(Books books, InstantSource clock) {
        this.books = books;
        this.clock = clock;
    }

    void mount(Router router) {
        router.get(CHECK).handler(this::showCheck);
        router.post(CHECK + "/finish").handler(Json.bodies()).handler(this::finishCheck);
        router.get("/sandbox/scenarios").handler(SandboxApi::showScenarios);
        router.get("/sandbox/books").handler(this::showBooks);
        router.get("/sandbox/statement.csv").handler(this::showStatement);
    }

    private void showCheck(RoutingContext context) {
        find(context)
                .ifPresentOrElse(
                        check -> Json.ok(context, describe(check)), () -> Json.error(context, 404, "unknown token"));
    }

    private Optional<Check> find(RoutingContext context) {
        return books.find(context.pathParam("token"));
    }

    private JsonObject describe(Check check) {
        InitOrder order = check.opening().order();
        return new JsonObject()
                .put("title", order.title().orElse(""))
                .put("actionStyle", order.actionStyle())
                .put("actions", new JsonArray(check.opening().actions()))
                .put("actionMutex", order.actionMutex())
                .put("antiCameraHack", order.antiCameraHack())
                .put("returnUrl", order.returnUrl())
                .put("state", check.state(clock.instant()).name());
    }

    private void finishCheck(RoutingContext context) {
        Optional<Verdict> verdict =
                Json.body(context).flatMap(body -> Verdict.named(String.valueOf(body.getValue("verdict"))));
        Optional<Check> check = find(context);
        if (check.isEmpty()) {
            Json.error(context, 404, "unknown token");
            return;
        }
        if (verdict.isEmpty()) {
            Json.error(context, 400, "verdict must be passed, not-passed or failed");
            return;
        }
        String returnUrl = check.get().opening().order().returnUrl();
        check.get()
                .finish(verdict.get(), clock.instant())
                .ifPresentOrElse(
                        counts -> Json.ok(
                                context,
                                new JsonObject().put("returnUrl", returnUrl).put("passed", counts == Verdict.PASSED)),
                        () -> Json.error(context, 409, "finished or expired already"));
    }

    private static void showScenarios(RoutingContext context) {
        JsonArray scenarios = new JsonArray();
        Scenario.scripted()
                .forEach(scenario -> scenarios.add(new JsonObject()
                        .put("name", scenario.wireName())
                        .put("title", scenario.title())
                        .put("zh", scenario.chinese())
                        .put("en", scenario.english())));
        Json.ok(context, scenarios);
    }

    private void showBooks(RoutingContext context) {
        Optional<String> taskNo = context.queryParam("taskNo").stream().findFirst();
        JsonArray shown = new JsonArray();
        books.rows().stream()
                .filter(row -> taskNo.map(row.taskNo()::equals).orElse(true))
                .forEach(row -> shown.add(describe(row)));
        Json.ok(context, new JsonObject().put("rows", shown));
    }

    private static JsonObject describe(BookRow row) {
        JsonObject shown = new JsonObject()
                .put("taskNo", row.taskNo())
                .put("token", row.token().substring(0, SHOWN_OF_TOKEN) + "…")
                .put("returnUrl", row.returnUrl());
        row.title().ifPresent(title -> shown.put("title", title));
        shown.put("openedAt", row.openedAt()).put("status", row.status().name());
        row.settledAt().ifPresent(at -> shown.put("settledAt", at));
        return shown.put("amount", yuan(row.amount()))
                .put("currency", "CNY")
                .put("resultCalls", row.resultCalls())
                .put("answerLost", row.answerLost());
    }

    /**
     * The bill as finance gets it: a line for each fee, with the time of its init. The vendor publishes no format; this is the gateway's
     * default one.
     */
    private void showStatement(RoutingContext context) {
        String lines = books.rows().stream().map(SandboxApi::line).collect(Collectors.joining());
        send(context, "statement.csv", HEADER + lines);
    }

    static void send(RoutingContext context, String name, String csv) {
        context.response()
                .putHeader("Content-Type", "text/csv;charset=UTF-8")
                .putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .putHeader("Cache-Control", "no-store")
                .end(csv);
    }

    private static String line(BookRow row) {
        return String.join(
                        ",",
                        row.taskNo(),
                        TIME.format(row.openedAt()),
                        row.status().word(),
                        yuan(row.amount()))
                + "\n";
    }

    /** Minor units (分) as decimal yuan: with two decimals, and more where it is finer. */
    static String yuan(BigDecimal amount) {
        BigDecimal yuan = amount.movePointLeft(2).stripTrailingZeros();
        return yuan.setScale(Math.max(2, yuan.scale())).toPlainString();
    }
}
