package io.liveness.gateway.sandbox.books;

import io.liveness.gateway.sandbox.check.BookRow;
import io.liveness.gateway.sandbox.http.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;

/** The vendor's books as people look at them: JSON for the demo pages, and the bill. */
public final class BooksApi {

    private static final int SHOWN_OF_TOKEN = 4;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private final Books books;

    public BooksApi(Books books) {
        this.books = books;
    }

    public void mount(Router router) {
        router.get("/sandbox/books").handler(this::show);
        router.get("/sandbox/statement.csv").handler(this::bill);
    }

    private void show(RoutingContext context) {
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
    private void bill(RoutingContext context) {
        String lines = books.rows().stream().map(BooksApi::line).collect(Collectors.joining());
        context.response()
                .putHeader("Content-Type", "text/csv;charset=UTF-8")
                .putHeader("Content-Disposition", "attachment; filename=\"statement.csv\"")
                .putHeader("Cache-Control", "no-store")
                .end("taskNo,time,status,amount\n" + lines);
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
    private static String yuan(BigDecimal amount) {
        BigDecimal yuan = amount.movePointLeft(2).stripTrailingZeros();
        return yuan.setScale(Math.max(2, yuan.scale())).toPlainString();
    }
}
