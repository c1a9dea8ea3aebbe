package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;

/**
 * Records attempts: ends deliveries, sets the time of the next attempt, and pauses or disables endpoints. Attempts that end together share a
 * statement.
 */
@Singleton
class RecordAttempts {

    private static final Logger LOG = Logger.getLogger(RecordAttempts.class);

    // What is not recorded by then is attempted again when its lease ends.
    private static final Duration WORTHWHILE = Duration.ofSeconds(15);

    private final Database database;
    private final MeterRegistry registry;
    private final double pauseAfterMillis;
    private final Batcher<Attempt, Boolean> batcher = new Batcher<>(this::record);

    RecordAttempts(Database database, WebhookConfig config, MeterRegistry registry) {
        this.database = database;
        this.registry = registry;
        // They are there from the start.
        Arrays.stream(Attempt.Result.values()).forEach(this::timer);
        this.pauseAfterMillis = config.pauseAfter().toMillis();
    }

    private Timer timer(Attempt.Result result) {
        return TimeBuckets.timer("liveness.webhook.attempts", "Attempts to deliver an event, by what became of them")
                .tag("outcome", result.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    Uni<Void> record(Attempt attempt) {
        timer(attempt.result()).record(attempt.answer().took());
        return KeepTrying.until(WORTHWHILE, batcher.send(attempt)).replaceWithVoid();
    }

    private Uni<List<Boolean>> record(List<Attempt> attempts) {
        return database.execute(
                        DeliverySql.RECORD,
                        Tuple.tuple()
                                .addValue(column(
                                        attempts,
                                        Long[]::new,
                                        made -> made.delivery().id()))
                                .addValue(column(
                                        attempts,
                                        Integer[]::new,
                                        made -> made.delivery().lease()))
                                .addValue(column(
                                        attempts,
                                        String[]::new,
                                        made -> made.result().name()))
                                .addValue(column(attempts, Double[]::new, made ->
                                        (double) made.pause().toMillis()))
                                .addValue(column(attempts, Object[]::new, made -> new JsonArray().add(made.stored())))
                                .addValue(column(attempts, String[]::new, Attempt::error))
                                .addValue(column(
                                        attempts,
                                        String[]::new,
                                        made -> made.delivery().url()))
                                .addValue(pauseAfterMillis))
                .invoke(ended -> ended.forEach(RecordAttempts::report))
                .map(ended -> Collections.nCopies(attempts.size(), true));
    }

    private static <C> C[] column(List<Attempt> attempts, IntFunction<C[]> array, Function<Attempt, C> column) {
        return attempts.stream().map(column).toArray(array);
    }

    private static void report(Row row) {
        LOG.warnf("webhook-endpoint.stopped endpointId=%s %s", row.getUUID(0), row.getString(1));
    }
}
