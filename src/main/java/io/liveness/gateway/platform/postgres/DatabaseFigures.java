package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Gauges that show figures of the database, the same at all replicas. None has a value before it is read, and while the database cannot be
 * read.
 */
@Startup // its own gauges are there from the start
@Singleton
public class DatabaseFigures {

    /**
     * A gauge.
     *
     * @param column of the statement's one row; {@code seconds} and {@code bytes} are the gauge's unit too
     */
    public record Figure(String column, String gauge, String description, Tags tags) {

        public Figure(String column, String gauge, String description) {
            this(column, gauge, description, Tags.empty());
        }
    }

    private static final Set<String> UNITS = Set.of("seconds", "bytes");

    /**
     * For how long the oldest transaction is open: until it ends, vacuum removes no version of a row that changed
     * since. Transactions of other roles are seen by a member of {@code pg_read_all_stats} only.
     */
    private static final String OLDEST = """
            select coalesce(extract(epoch from max(clock_timestamp() - begun)), 0) as seconds
            from (select xact_start as begun from pg_stat_activity
                  where datname = current_database() and backend_type = 'client backend'
                    and (backend_xid is not null or backend_xmin is not null)
                  union all
                  select prepared from pg_prepared_xacts where database = current_database()) open
            """;

    private static final class Reading {

        private final Connections connections;
        private final String sql;
        private final Supplier<List<?>> parameters;
        private volatile Map<String, Double> last = Map.of();

        Reading(Connections connections, String sql, Supplier<List<?>> parameters) {
            this.connections = connections;
            this.sql = sql;
            this.parameters = parameters;
        }
    }

    private final Database database;
    private final MeterRegistry registry;
    private final List<Reading> often = new CopyOnWriteArrayList<>();
    private final List<Reading> eachMinute = new CopyOnWriteArrayList<>();

    DatabaseFigures(Database database, MeterRegistry registry) {
        this.database = database;
        this.registry = registry;
        show(
                OLDEST,
                List.of(),
                new Figure("seconds", "liveness.oldest.transaction", "Seconds since the oldest transaction began"));
        // PostgreSQL looks at each of its files: some milliseconds.
        showEachMinute(
                "select pg_database_size(current_database()) as bytes",
                List.of(),
                new Figure("bytes", "liveness.database", "Size of the database with its indexes"));
    }

    /** Shows figures of a statement that is sent every 15 seconds. */
    public void show(String sql, List<?> parameters, Figure... figures) {
        often.add(reading(Connections.READING, sql, () -> parameters, figures));
    }

    /**
     * Shows figures of a statement that is sent every 15 seconds on the reserved connections: they count most while the
     * others are taken.
     *
     * @param parameters asked for each time
     */
    public void showInAnyCase(String sql, Supplier<List<?>> parameters, Figure... figures) {
        often.add(reading(Connections.RESERVED, sql, parameters, figures));
    }

    /** Shows figures of a statement that costs more than others, and is sent once a minute. */
    public void showEachMinute(String sql, List<?> parameters, Figure... figures) {
        eachMinute.add(reading(Connections.READING, sql, () -> parameters, figures));
    }

    private Reading reading(Connections connections, String sql, Supplier<List<?>> parameters, Figure... figures) {
        Reading reading = new Reading(connections, sql, parameters);
        for (Figure figure : figures) {
            Gauge.builder(figure.gauge(), () -> reading.last.getOrDefault(figure.column(), Double.NaN))
                    .description(figure.description())
                    .tags(figure.tags())
                    .baseUnit(UNITS.contains(figure.column()) ? figure.column() : null)
                    .register(registry);
        }
        return reading;
    }

    @NonBlocking
    @Scheduled(identity = "figures", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> readOften() {
        return read(often);
    }

    @NonBlocking
    @Scheduled(identity = "figures-of-a-minute", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> readEachMinute() {
        return read(eachMinute);
    }

    /** Reads all at once. */
    public Uni<Void> read() {
        return readOften().chain(this::readEachMinute);
    }

    private Uni<Void> read(List<Reading> readings) {
        return Multi.createFrom()
                .iterable(readings)
                .onItem()
                .transformToUniAndConcatenate(this::read)
                .onItem()
                .ignoreAsUni();
    }

    /** Never fails. */
    private Uni<Void> read(Reading reading) {
        return database.execute(
                        reading.connections,
                        reading.sql,
                        Tuple.tuple(new ArrayList<>(reading.parameters.get())),
                        DatabaseFigures::firstRow)
                .onFailure()
                .recoverWithItem(Map.of())
                .invoke(read -> reading.last = read)
                .replaceWithVoid();
    }

    private static Map<String, Double> firstRow(RowSet<Row> rows) {
        Map<String, Double> columns = new HashMap<>();
        for (Row row : rows) {
            for (int at = 0; at < row.size(); at++) {
                columns.put(row.getColumnName(at), row.getDouble(at));
            }
        }
        return columns;
    }
}
