package io.liveness.gateway.operate;

import io.liveness.gateway.operate.Figures.Growth;
import io.liveness.gateway.operate.Figures.Series;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.DatabaseClock;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Stores every 15 seconds what the meters of this replica show, for {@link HealthResource} at any replica. */
@Startup // what its counters were at first is known
@Singleton
class ReportReplica {

    private static final Logger LOG = Logger.getLogger(ReportReplica.class);

    static final String UNSETTLED = "liveness.sessions.unsettled";
    private static final Set<String> METERS = Stream.concat(
                    Arrays.stream(Rule.values())
                            .map(rule -> rule.figure.meter())
                            .filter(meter -> !meter.equals(Rule.OLD_KEY)),
                    Stream.of(UNSETTLED))
            .collect(Collectors.toUnmodifiableSet());

    private static final Duration LONGEST = Duration.ofMinutes(Growth.MINUTES.get(Growth.MINUTES.size() - 1));
    /** A report may come a little early. */
    private static final Duration HALF_A_PERIOD = Duration.ofMillis(7_500);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * $1 the replica, $2 its version, $3 when it started, $4 the figures, $5 whether it stops, $6 by how many seconds the time is ahead of
     * the database's, as it says. Answers what the others that run have reported of theirs. A report that was under way at the stop and
     * comes after it changes nothing. Forgotten are those of which no counter grew in the longest time that is looked at.
     */
    private static final String REPORT = """
            with ended as (
                delete from replica where (name, started_at) in (
                    select name, started_at from replica
                    where seen_at < liveness_now() - interval '1 hour' and (name, started_at) <> ($1, $3)
                    order by name, started_at limit 100)
            ), reported as (
                insert into replica as known (name, version, started_at, seen_at, figures, has_stopped, ahead_seconds)
                values ($1, $2, $3, liveness_now(), $4, $5, $6)
                on conflict (name, started_at) do update set seen_at = excluded.seen_at, figures = excluded.figures,
                    has_stopped = excluded.has_stopped, ahead_seconds = excluded.ahead_seconds
                where not known.has_stopped
            )
            select ahead_seconds from replica
            where not has_stopped and (name, started_at) <> ($1, $3)
              and seen_at between liveness_now() - interval '40 seconds' and liveness_now() + interval '40 seconds'
            order by name, started_at
            """;

    /** @param seconds that a timer has measured */
    private record Total(double count, double seconds) {

        private static final Total NONE = new Total(0, 0);
    }

    private record Snapshot(long nanos, Map<Series, Total> totals) {}

    private final Database database;
    private final MeterRegistry registry;
    private final DatabaseClock databaseClock;
    private final String version;
    private final String name;
    private final OffsetDateTime startedAt;
    /** The totals of counters and timers in the last hour, the oldest first. */
    private final Deque<Snapshot> snapshots = new ArrayDeque<>();

    ReportReplica(
            Database database,
            MeterRegistry registry,
            Clock clock,
            DatabaseClock databaseClock,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.database = database;
        this.registry = registry;
        this.databaseClock = databaseClock;
        this.version = version;
        this.startedAt = clock.instant().atOffset(ZoneOffset.UTC);
        // The name of a pod, whose container has the same again after a restart; several processes of a machine differ.
        this.name = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("replica") + "/"
                + ProcessHandle.current().pid();
    }

    @NonBlocking
    @Scheduled(identity = "replica", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> report() {
        return report(false);
    }

    private Uni<Void> report(boolean stops) {
        return FailedWork.orLog(
                LOG,
                "replica.failed",
                Uni.createFrom()
                        .deferred(() -> database.execute(
                                REPORT,
                                Tuple.of(
                                        name,
                                        version,
                                        startedAt,
                                        read(System.nanoTime()).toJson(),
                                        stops,
                                        databaseClock.says().toMillis() / 1_000.0)))
                        .invoke(rows -> databaseClock.hear(StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> Duration.ofMillis(Math.round(row.getDouble("ahead_seconds") * 1_000)))
                                .toList()))
                        .replaceWithVoid());
    }

    /** A replica that stops is none that is missed; what it counted until then stays. */
    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        CountDownLatch reported = new CountDownLatch(1);
        report(true).subscribe().with(done -> reported.countDown(), failure -> reported.countDown());
        reported.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    Figures read(long nanos) {
        Figures figures = Figures.none();
        Map<Series, Total> totals = new HashMap<>();
        for (String meterName : METERS) {
            for (Meter meter : registry.find(meterName).meters()) {
                Series series = new Series(
                        meterName,
                        meter.getId().getTags().stream().collect(Collectors.toMap(Tag::getKey, Tag::getValue)));
                if (meter instanceof Gauge gauge) {
                    double value = gauge.value();
                    if (Double.isFinite(value)) {
                        figures.gauges().put(series, List.of(value));
                    }
                } else if (meter instanceof Counter counter) {
                    totals.put(series, new Total(counter.count(), 0));
                } else if (meter instanceof FunctionCounter counter) {
                    totals.put(series, new Total(counter.count(), 0));
                } else if (meter instanceof Timer timer) {
                    totals.put(series, new Total(timer.count(), timer.totalTime(TimeUnit.SECONDS)));
                }
            }
        }
        grow(figures, new Snapshot(nanos, totals));
        return figures;
    }

    private synchronized void grow(Figures figures, Snapshot now) {
        snapshots.addLast(now);
        while (snapshots.size() > 1
                && isOlder(snapshots.stream().skip(1).findFirst().orElseThrow(), now, LONGEST)) {
            snapshots.removeFirst();
        }
        List<Map<Series, Total>> before =
                Growth.MINUTES.stream().map(minutes -> before(now, minutes)).toList();
        now.totals()
                .forEach((series, total) -> figures.grown()
                        .put(
                                series,
                                new Growth(
                                        grown(before, series, total, Total::count),
                                        grown(before, series, total, Total::seconds))));
    }

    private static List<Double> grown(
            List<Map<Series, Total>> before, Series series, Total now, ToDoubleFunction<Total> what) {
        return before.stream()
                .map(then -> what.applyAsDouble(now) - what.applyAsDouble(then.getOrDefault(series, Total.NONE)))
                .toList();
    }

    /** The totals of so many minutes ago; none before the first, since counters begin with the replica. */
    private Map<Series, Total> before(Snapshot now, int minutes) {
        Map<Series, Total> newest = Map.of();
        for (Snapshot one : snapshots) {
            if (isOlder(one, now, Duration.ofMinutes(minutes))) {
                newest = one.totals();
            }
        }
        return newest;
    }

    private static boolean isOlder(Snapshot one, Snapshot now, Duration age) {
        return now.nanos() - one.nanos() >= age.minus(HALF_A_PERIOD).toNanos();
    }
}
