package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Reads each second what the service has to know of its database: its clock, whether commits hang, and whether the planner is set as the
 * service needs it. A replica whose own clock differs from the database's is reported: {@code liveness.clock.skew} in seconds; and by how
 * much the time of the replicas is ahead of the database's: {@code liveness.clock.ahead}.
 */
@Singleton
public class DatabaseWatch {

    private static final Logger LOG = Logger.getLogger(DatabaseWatch.class);

    /**
     * The {@code for update} locks no row, and has a server refuse the statement that only reads: a pooler may have
     * changed the server behind a connection. A commit in the list waits for a synchronous standby.
     */
    private static final String READ = """
            select liveness_now() as now,
                   (select array_agg(name::text) from unnest($1::text[]) name where current_setting(name) <> 'off') as planner_on,
                   (select array_agg(pid || ' ' || query_start) from pg_stat_activity
                    where wait_event = 'SyncRep' and query_start < clock_timestamp() - interval '2 seconds'
                      and datname = current_database() and usename = current_user) as waiting,
                   exists (select from write_probe where false for update) as never
            """;

    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

    private final Database database;
    private final DatabaseHealth health;
    private final DatabaseClock clock;
    private long reportedNanos = System.nanoTime() - BETWEEN_REPORTS.toNanos();
    private volatile Set<String> plannerOn = Set.of();

    public DatabaseWatch(Database database, DatabaseHealth health, DatabaseClock clock, MeterRegistry registry) {
        this.database = database;
        this.health = health;
        this.clock = clock;
        Gauge.builder("liveness.clock.skew", clock, read -> read.skew().toMillis() / 1_000.0)
                .description("Seconds that the machine's clock is ahead of the database's")
                .register(registry);
        Gauge.builder("liveness.clock.ahead", clock, read -> read.ahead().toMillis() / 1_000.0)
                .description("Seconds that the replicas' time is ahead of the database's: its clock is wrong")
                .register(registry);
    }

    /** Whether the time is known by which sessions are polled. */
    public boolean knowsTheTime() {
        return clock.isUsable();
    }

    /** Whether it is so sure that what is past may be given up: more than one clock says so. */
    public boolean isSureOfTheTime() {
        return clock.isRead() && !clock.isInDoubt();
    }

    /** Whether the replica's own clock is further from the database's than it may be, or that is not known yet. */
    public boolean isWrong() {
        return !clock.isRead() || clock.skew().abs().compareTo(DatabaseClock.MAX_SKEW) > 0;
    }

    void start(@Observes StartupEvent start) {
        watch().subscribe().with(read -> {});
    }

    /** Reads once. Never fails: while the database is away, the last reading is carried on. */
    @NonBlocking
    @Scheduled(identity = "database", every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    public Uni<Void> watch() {
        return Uni.createFrom()
                .deferred(() -> {
                    long sent = System.nanoTime();
                    return read().invoke(row -> see(row, sent));
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Row> read() {
        return database.execute(
                Connections.READING,
                READ,
                Tuple.of(PostgresConnections.PLANNER_OFF.toArray(String[]::new)),
                rows -> rows.iterator().next());
    }

    private void see(Row row, long sentNanos) {
        // A slow answer says little about the time, but more than a clock that may be wrong.
        if (!clock.isRead() || System.nanoTime() - sentNanos < SLOW.toNanos()) {
            clock.read(Database.time(row, "now"), sentNanos);
        }
        reportClock();
        reportPlanner(names(row, "planner_on"));
        health.seeCommits(names(row, "waiting"));
    }

    private static Set<String> names(Row row, String column) {
        String[] names = row.getArrayOfStrings(column);
        return names == null ? Set.of() : Set.of(names);
    }

    private void reportClock() {
        if (isWrong() && System.nanoTime() - reportedNanos >= BETWEEN_REPORTS.toNanos()) {
            reportedNanos = System.nanoTime();
            LOG.errorf(
                    "clock.wrong skewSeconds=%d aheadSeconds=%d: this machine's clock differs from the database's; the replicas'"
                            + " time is so much ahead of the database's",
                    clock.skew().toSeconds(), clock.ahead().toSeconds());
        }
    }

    /** A pooler that ignores the startup parameters leaves the database's defaults in force. */
    private void reportPlanner(Set<String> on) {
        if (!on.isEmpty() && !on.equals(plannerOn)) {
            LOG.errorf(
                    "database.planner on: %s. Statements may take seconds. Behind a pooler, switch them off for the role: "
                            + "alter role <user> set jit = off, and so for each",
                    PostgresConnections.PLANNER_OFF.stream()
                            .filter(on::contains)
                            .collect(Collectors.joining(", ")));
        }
        plannerOn = on;
    }

    /** Ready is a replica that knows the database's time and has the statement answered in time, by a server that takes writes. */
    @Produces
    @Readiness
    @Unremovable
    @Singleton
    AsyncHealthCheck ready() {
        return () -> read().map(read -> HealthCheckResponse.named("database")
                        .status(clock.isUsable())
                        .build())
                .ifNoItem()
                .after(SLOW)
                .fail()
                .onFailure()
                .recoverWithItem(failure -> HealthCheckResponse.named("database")
                        .down()
                        .withData("reason", reason(failure))
                        .build());
    }

    private static String reason(Throwable failure) {
        return switch (DatabaseFailure.of(failure)) {
            case ONLY_READS -> "only reads";
            case NO_ACCESS -> "refuses access";
            default -> "cannot be reached";
        };
    }
}
