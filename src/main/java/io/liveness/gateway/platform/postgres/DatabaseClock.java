package io.liveness.gateway.platform.postgres;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The database's clock as last read, carried on by the machine's steady time. So all replicas use the same time, even one with a wrong
 * clock. Before the first reading it is the replica's clock. A reading after a jump of the database's clock is not used: the time before
 * it is carried on until the database's clock agrees with it, or with the replica's.
 */
public final class DatabaseClock extends Clock {

    /** How far a clock may be off: a replica whose own one differs more from the database's does not poll. */
    public static final Duration MAX_SKEW = Duration.ofSeconds(30);

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

    /** @param sentNanos {@link System#nanoTime()} when the database was asked */
    void read(Instant databaseTime, long sentNanos) {
        long now = System.nanoTime();
        long halfWay = sentNanos + (now - sentNanos) / 2;
        Instant read = databaseTime.plusNanos(now - halfWay);
        Duration jump = Duration.between(read, instant());
        skew = Duration.between(read, own.instant());
        if (!isRead() || isSmall(jump) || isSmall(skew)) {
            reading = new Reading(databaseTime, halfWay);
        }
    }

    private static boolean isSmall(Duration difference) {
        return difference.abs().compareTo(MAX_SKEW) <= 0;
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
