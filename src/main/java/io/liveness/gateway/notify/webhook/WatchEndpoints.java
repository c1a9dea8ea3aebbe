package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows every 15 seconds which endpoints fail, or were stopped because they failed, and how late deliveries to the others are. Without a
 * value while the database cannot be read.
 */
@Startup // its metrics are there from the start
@Singleton
public class WatchEndpoints {

    /** Endpoints with a row in the metric at most: those that fail longest. */
    static final int SHOWN = 100;

    private static final String FAILING = """
            select id, caller, status, extract(epoch from liveness_now() - failing_since)::float8
            from webhook_endpoint p
            where failing_since is not null
              and (status = 'ACTIVE' or (status = 'PAUSED' and reason in ('FAILING', 'GONE'))
                   or (status = 'DISABLED' and updated_at > liveness_now() - interval '1 day'))
            order by failing_since limit $1
            """;

    private static final String LATE = """
            select coalesce(max(extract(epoch from liveness_now() - greatest(o.next_attempt_at, o.leased_until, p.not_before))), 0) as seconds
            from webhook_endpoint p cross join lateral (
                select o.next_attempt_at, o.leased_until from webhook_delivery o
                where o.endpoint_id = p.id and %s
                order by o.next_attempt_at limit 1
            ) o
            where p.status = 'ACTIVE' and p.failing_since is null and (p.not_before is null or p.not_before <= liveness_now())
            """.formatted(LeaseDeliveries.IS_DUE);

    /** The labels are those of endpoints: a metric has no others. */
    private static final Tags NO_ENDPOINT = Tags.of("endpoint", "", "caller", "", "status", "");

    private final Database database;
    private final MultiGauge failing;
    private volatile Map<Tags, Double> seconds = Map.of();

    WatchEndpoints(Database database, DatabaseFigures figures, MeterRegistry registry) {
        this.database = database;
        this.failing = MultiGauge.builder("liveness.webhook.endpoint.failing")
                .description("Seconds since a webhook endpoint began to fail, also after it was stopped for that")
                .baseUnit("seconds")
                .register(registry);
        show(Map.of(NO_ENDPOINT, Double.NaN));
        figures.show(
                LATE,
                List.of(),
                new Figure(
                        "seconds",
                        "liveness.webhook.late",
                        "Seconds by which the most overdue delivery is late, at endpoints that do not fail"));
    }

    /** Reads and shows. Never fails. */
    @NonBlocking
    @Scheduled(identity = "webhook-watch", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> watch() {
        return database.read(FAILING, Tuple.of(SHOWN))
                .map(WatchEndpoints::seconds)
                .onFailure()
                .recoverWithItem(Map.of(NO_ENDPOINT, Double.NaN))
                .invoke(this::show)
                .replaceWithVoid();
    }

    private static Map<Tags, Double> seconds(RowSet<Row> rows) {
        Map<Tags, Double> seconds = new HashMap<>();
        rows.forEach(row -> seconds.put(
                Tags.of("endpoint", row.getUUID(0).toString(), "caller", row.getString(1), "status", row.getString(2)),
                row.getDouble(3)));
        return seconds.isEmpty() ? Map.of(NO_ENDPOINT, 0.0) : seconds;
    }

    /** Rows that are there stay: one that was removed and added again would be missing from a scrape in between. */
    private void show(Map<Tags, Double> read) {
        seconds = read;
        failing.register(read.keySet().stream()
                .<MultiGauge.Row<?>>map(endpoint ->
                        MultiGauge.Row.of(endpoint, this, watch -> watch.seconds.getOrDefault(endpoint, Double.NaN)))
                .toList());
    }
}
