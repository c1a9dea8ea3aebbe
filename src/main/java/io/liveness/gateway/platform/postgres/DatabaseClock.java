package io.liveness.gateway.platform.postgres;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.logging.Logger;

/**
 * The database's clock as last read, carried on by the machine's steady time. So all replicas use the same time, even one with a wrong
 * clock. Before the first reading it is the replica's clock. A reading after a jump of the database's clock is not used: the time before
 * it is carried on until the database's clock agrees with it, or with the replica's.
 */
public final class DatabaseClock extends Clock {

    /** Limit for the difference between a replica's clock and the database's. */
    @ConfigMapping(prefix = "liveness.clock")
    interface Config {

        /** A replica whose clock differs more from the database's does not poll. */
        @WithDefault("30s")
        @DurationMin(seconds = 1, message = "liveness.clock.max-skew must be at least 1s")
        Duration maxSkew();
    }

    /** The one source of time, so that tests can set it. */
    static class Clocks {

        @Produces
        @Singleton
        @Typed(DatabaseClock.class)
        DatabaseClock databaseClock() {
            return new DatabaseClock(Clock.systemUTC());
        }

        @Produces
        @Singleton
        @DefaultBean
        Clock clock(DatabaseClock databaseClock) {
            return databaseClock;
        }
    }

    private record Reading(Instant time, long nanos) {}

    private final Clock own;
    private volatile Reading reading;
    private volatile Duration skew = Duration.ZERO;

    public DatabaseClock(Clock own) {
        this.own = own;
    }

    /**
     * @param sentNanos {@link System#nanoTime()} when the database was asked
     * @param maxSkew how far a clock may be off
     */
    void read(Instant databaseTime, long sentNanos, Duration maxSkew) {
        long now = System.nanoTime();
        long halfWay = sentNanos + (now - sentNanos) / 2;
        Instant read = databaseTime.plusNanos(now - halfWay);
        Duration jump = Duration.between(read, instant());
        skew = Duration.between(read, own.instant());
        if (!isRead() || isWithin(jump, maxSkew) || isWithin(skew, maxSkew)) {
            reading = new Reading(databaseTime, halfWay);
        }
    }

    private static boolean isWithin(Duration difference, Duration limit) {
        return difference.abs().compareTo(limit) <= 0;
    }

    /** Whether the database's time is known. */
    boolean isRead() {
        return reading != null;
    }

    /** How far the replica's own clock was ahead of the database's at the last reading; negative when it was behind. */
    public Duration skew() {
        return skew;
    }

    @Override
    public Instant instant() {
        Reading last = reading;
        return last == null ? own.instant() : last.time().plusNanos(System.nanoTime() - last.nanos());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("moments are kept in UTC");
    }

    /**
     * Reads the database's clock every second and compares the replica's own with it. A replica with a wrong clock is reported: {@code
     * liveness.clock.skew} in seconds.
     */
    @Singleton
    public static class Watch {

        private static final Logger LOG = Logger.getLogger(Watch.class);
        private static final Duration SLOW = Duration.ofSeconds(2);
        private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

        private final Database database;
        private final DatabaseClock clock;
        private final Duration maxSkew;
        private long reportedNanos = System.nanoTime() - BETWEEN_REPORTS.toNanos();

        Watch(Database database, DatabaseClock clock, Config config, MeterRegistry registry) {
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
                                    // A slow answer says little about the time, but more than a clock that may be
                                    // wrong.
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
                        "clock.wrong skewSeconds=%d: this machine's clock differs from the database's; this replica does not poll"
                                + " until the wrong one is set right",
                        clock.skew().toSeconds());
            }
        }
    }
}
