package io.liveness.gateway.sandbox.books;

import io.liveness.gateway.sandbox.check.BookRow;
import io.liveness.gateway.sandbox.check.FeeState;
import io.liveness.gateway.sandbox.http.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The vendor's books as people look at them: JSON for the demo pages, and the statement. */
public final class BooksApi {

    private static final int SHOWN_OF_TOKEN = 4;

    private final Books books;

    public BooksApi(Books books) {
        this.books = books;
    }

    public void mount(Router router) {
        router.get("/sandbox/books").handler(this::show);
        router.get("/sandbox/statement.csv").handler(this::statement);
    }

    private void show(RoutingContext context) {
        Optional<String> token = context.queryParam("token").stream().findFirst();
        Optional<String> taskNo = context.queryParam("taskNo").stream().findFirst();
        List<BookRow> rows = books.rows().stream()
                .filter(row -> token.map(row.token()::equals).orElse(true))
                .filter(row -> taskNo.map(row.taskNo()::equals).orElse(true))
                .toList();
        JsonArray shown = new JsonArray();
        rows.forEach(row -> shown.add(describe(row)));
        Json.ok(context, new JsonObject().put("rows", shown).put("totals", totals(rows)));
    }

    private void statement(RoutingContext context) {
        context.response()
                .putHeader("Content-Type", "text/csv;charset=UTF-8")
                .putHeader("Content-Disposition", "attachment; filename=\"statement.csv\"")
                .putHeader("Cache-Control", "no-store")
                .end(Statement.csv(books.rows()));
    }

    private static JsonObject describe(BookRow row) {
        JsonObject shown = new JsonObject()
                .put("taskNo", row.taskNo())
                .put("token", row.token().substring(0, SHOWN_OF_TOKEN) + "…")
                .put("returnUrl", row.returnUrl());
        row.title().ifPresent(title -> shown.put("title", title));
        shown.put("openedAt", row.openedAt()).put("status", row.status().name());
        row.settledAt().ifPresent(at -> shown.put("settledAt", at));
        return shown.put("amount", Statement.yuan(row.amount()))
                .put("currency", "CNY")
                .put("resultCalls", row.resultCalls())
                .put("answerLost", row.answerLost());
    }

    private JsonObject totals(List<BookRow> rows) {
        return new JsonObject()
                .put("preDeducted", total(rows, FeeState.PRE_DEDUCTED))
                .put("charged", total(rows, FeeState.CHARGED))
                .put("refunded", total(rows, FeeState.REFUNDED))
                .put("initCalls", books.initCalls())
                .put("resultCalls", books.resultCalls());
    }

    private static JsonObject total(List<BookRow> rows, FeeState status) {
        List<BookRow> those =
                rows.stream().filter(row -> row.status() == status).toList();
        BigDecimal amount = those.stream().map(BookRow::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new JsonObject().put("count", those.size()).put("amount", Statement.yuan(amount));
    }
}
