package io.liveness.gateway.sandbox.books;

import io.liveness.gateway.sandbox.http.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The gateway's ledger of one session, for the demo pages to lay beside the vendor's books. */
public final class LedgerApi {

    private static final String ENTRIES = """
            /* sandbox */ select kind, basis, amount, currency, task_no, recorded_at
            from ledger_entry where session_id = $1 order by recorded_at""";

    private final Pool pool;

    public LedgerApi(Pool pool) {
        this.pool = pool;
    }

    public void mount(Router router) {
        router.get("/sandbox/ledger/:sessionId").handler(this::show);
    }

    private void show(RoutingContext context) {
        sessionId(context).ifPresentOrElse(id -> show(context, id), () -> Json.error(context, 404, "no such session"));
    }

    private void show(RoutingContext context, UUID sessionId) {
        pool.preparedQuery(ENTRIES)
                .execute(Tuple.of(sessionId))
                .onSuccess(rows -> {
                    JsonArray entries = new JsonArray();
                    rows.forEach(row -> entries.add(describe(row)));
                    Json.ok(context, entries);
                })
                .onFailure(context::fail);
    }

    private static JsonObject describe(Row row) {
        JsonObject entry = new JsonObject()
                .put("kind", row.getString("kind"))
                .put("basis", row.getString("basis"))
                .put("amount", Statement.yuan(BigDecimal.valueOf(row.getLong("amount"), 4)))
                .put("currency", row.getString("currency"));
        Optional.ofNullable(row.getString("task_no")).ifPresent(taskNo -> entry.put("taskNo", taskNo));
        Instant recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
        return entry.put("recordedAt", recordedAt);
    }

    private static Optional<UUID> sessionId(RoutingContext context) {
        try {
            return Optional.of(UUID.fromString(context.pathParam("sessionId")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
