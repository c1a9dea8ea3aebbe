package io.liveness.gateway.platform.postgres;

import io.quarkus.arc.DefaultBean;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.hibernate.validator.constraints.time.DurationMin;

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
}
