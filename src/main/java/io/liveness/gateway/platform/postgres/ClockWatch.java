package io.liveness.gateway.platform.postgres;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.logging.Logger;

/**
 * Reads the database's clock every second and compares the replica's own with it. A replica with a wrong clock is reported: {@code
 * liveness.clock.skew} in seconds.
 */
@Singleton
public class ClockWatch {

    /** Limit for the difference between a replica's clock and the database's. */
    @ConfigMapping(prefix = "liveness.clock")
    interface Config {

        /** A replica whose clock differs by more does not reconcile. */
        @WithDefault("30s")
        @DurationMin(seconds = 1, message = "liveness.clock.max-skew must be at least 1s")
        Duration maxSkew();
    }

    private static final Logger LOG = Logger.getLogger(ClockWatch.class);
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

    private final Database database;
    private final DatabaseClock clock;
    private final Duration maxSkew;
    private long reportedNanos = System.nanoTime() - BETWEEN_REPORTS.toNanos();

    ClockWatch(Database database, DatabaseClock clock, Config config, MeterRegistry registry) {
        this.database = database;
        this.clock = clock;
        this.maxSkew = config.maxSkew();
        Gauge.builder("liveness.clock.skew", clock, read -> read.skew().toMillis() / 1_000.0)
                .description("Seconds that the machine's clock is ahead of the database's")
                .register(registry);
    }

    /** Whether the replica's own clock is further from the database's than it may be, or that is not known yet. */
    public boolean isWrong() {
        return !clock.isRead() || clock.skew().abs().compareTo(maxSkew) > 0;
    }

    /** How far a clock may be off. */
    public Duration maxSkew() {
        return maxSkew;
    }

    void start(@Observes StartupEvent start) {
        watch().subscribe().with(read -> {});
    }

    /** Reads it once. Never fails: while the database is away, the last reading is carried on. */
    @NonBlocking
    @Scheduled(identity = "clock", every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    public Uni<Void> watch() {
        return Uni.createFrom()
                .deferred(() -> {
                    long sent = System.nanoTime();
                    return database.read("select liveness_now() as now", Tuple.tuple())
                            .invoke(rows -> {
                                // A slow answer says little about the time, but more than a clock that may be wrong.
                                if (!clock.isRead() || System.nanoTime() - sent < SLOW.toNanos()) {
                                    clock.read(
                                            rows.iterator()
                                                    .next()
                                                    .getOffsetDateTime("now")
                                                    .toInstant(),
                                            sent,
                                            maxSkew);
                                }
                            })
                            .invoke(this::report)
                            .replaceWithVoid();
                })
                .onFailure()
                .recoverWithNull();
    }

    private void report() {
        if (isWrong() && System.nanoTime() - reportedNanos >= BETWEEN_REPORTS.toNanos()) {
            reportedNanos = System.nanoTime();
            LOG.errorf(
                    "clock.wrong skewSeconds=%d: this machine's clock differs from the database's; this replica does not reconcile"
                            + " until the wrong one is set right",
                    clock.skew().toSeconds());
        }
    }
}
