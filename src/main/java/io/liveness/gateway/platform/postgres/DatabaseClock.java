package io.liveness.gateway.platform.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The database's clock as last read, carried on by the machine's steady time. So all replicas use the same time, even one with a wrong
 * clock. Before the first reading it is the replica's clock.
 */
public final class DatabaseClock extends Clock {

    private record Reading(Instant time, long nanos, Duration skew) {}

    private final Clock own;
    private volatile Reading reading;

    public DatabaseClock(Clock own) {
        this.own = own;
    }

    /** @param sentNanos {@link System#nanoTime()} when the database was asked */
    void read(Instant databaseTime, long sentNanos) {
        long now = System.nanoTime();
        long halfWay = sentNanos + (now - sentNanos) / 2;
        reading = new Reading(
                databaseTime, halfWay, Duration.between(databaseTime.plusNanos(now - halfWay), own.instant()));
    }

    /** Whether the database's time is known. */
    boolean isRead() {
        return reading != null;
    }

    /** How far the replica's own clock is ahead of the database's; negative when it is behind. */
    public Duration skew() {
        Reading last = reading;
        return last == null ? Duration.ZERO : last.skew();
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
