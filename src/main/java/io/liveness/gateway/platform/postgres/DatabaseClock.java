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
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The time on which the replicas agree: the database's clock, or so much ahead of it as most of them say. Between readings it is carried on
 * by the machine's steady time, and before the first one it is the replica's own clock.
 *
 * <p>When the database's clock jumps away from the time before and from the replica's own clock, that time is carried on. Once all have
 * reported how far ahead they are, what most say holds, the database included: one replica that alone lost its time follows the others. A
 * replica that starts while its own clock and the database's differ has no time before: until most agree it goes by the database's, and
 * {@link #isInDoubt()}. See docs/decisions/0071-the-replicas-agree-on-the-time.md
 */
public final class DatabaseClock extends Clock {

    /** Clocks agree that differ by no more. */
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

    /** All replicas have reported by then, each 15 seconds, and this one has heard of it. */
    private static final long ALL_REPORTED_NANOS = Duration.ofSeconds(40).toNanos();

    private record Reading(Instant time, long nanos) {}

    private final Clock own;
    private final LongSupplier steadyNanos;
    private volatile Reading reading;
    private volatile Duration skew = Duration.ZERO;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean inDoubt;
    private volatile boolean othersWereAsked;
    private volatile List<Duration> others = List.of();
    private volatile boolean heard;
    private long jumpedNanos;

    public DatabaseClock(Clock own) {
        this(own, System::nanoTime);
    }

    DatabaseClock(Clock own, LongSupplier steadyNanos) {
        this.own = own;
        this.steadyNanos = steadyNanos;
    }

    /** @param sentNanos {@link System#nanoTime()} when the database was asked */
    synchronized void read(Instant databaseTime, long sentNanos) {
        long now = steadyNanos.getAsLong();
        long halfWay = sentNanos + (now - sentNanos) / 2;
        Instant read = databaseTime.plusNanos(now - halfWay);
        skew = Duration.between(read, own.instant());
        if (isSmall(skew)) {
            inDoubt = false;
            ahead = Duration.ZERO;
        } else if (!isRead() || inDoubt) {
            Optional<Duration> most = most(skew, others);
            inDoubt = most.isEmpty();
            othersWereAsked = heard;
            ahead = most.orElse(Duration.ZERO);
        } else {
            ahead = carriedOn(Duration.between(read, instant()), now);
        }
        reading = new Reading(databaseTime.plus(ahead), halfWay);
    }

    /** @param before how far the time before is ahead of the database's now */
    private Duration carriedOn(Duration before, long now) {
        if (!agree(before, ahead)) {
            jumpedNanos = now;
            return isSmall(before) ? Duration.ZERO : before;
        }
        return isSmall(ahead) || now - jumpedNanos < ALL_REPORTED_NANOS
                ? ahead
                : most(ahead, others).orElse(ahead);
    }

    /**
     * By how much the time is ahead of the database's, as more than half say; the database says that it is not.
     *
     * @param mine what this replica says
     */
    static Optional<Duration> most(Duration mine, List<Duration> others) {
        List<Duration> all =
                Stream.concat(Stream.of(Duration.ZERO, mine), others.stream()).toList();
        return all.stream()
                .filter(one ->
                        2 * all.stream().filter(other -> agree(one, other)).count() > all.size())
                .findFirst();
    }

    private static boolean isSmall(Duration difference) {
        return agree(difference, Duration.ZERO);
    }

    private static boolean agree(Duration one, Duration other) {
        return one.minus(other).abs().compareTo(MAX_SKEW) <= 0;
    }

    /** @param reported what the other replicas that run {@link #says() say} */
    public void hear(List<Duration> reported) {
        others = List.copyOf(reported);
        heard = true;
    }

    /** Whether the database's time is known. */
    boolean isRead() {
        return reading != null;
    }

    /** Whether the time can be gone by: it is sure, or as sure as it can be. A replica in doubt waits until it has heard the others. */
    boolean isUsable() {
        return isRead() && (!inDoubt || othersWereAsked);
    }

    /** Whether nobody but the database says what time it is, and this replica's own clock differs from it. */
    boolean isInDoubt() {
        return inDoubt;
    }

    /** By how much the time is ahead of the database's, as this replica tells the others. */
    public Duration says() {
        return inDoubt ? skew : ahead;
    }

    /** By how much this time was ahead of the database's at the last reading: zero unless the database's clock is wrong. */
    public Duration ahead() {
        return ahead;
    }

    /** How far the replica's own clock was ahead of the database's at the last reading; negative when it was behind. */
    public Duration skew() {
        return skew;
    }

    @Override
    public Instant instant() {
        Reading last = reading;
        return last == null ? own.instant() : last.time().plusNanos(steadyNanos.getAsLong() - last.nanos());
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
