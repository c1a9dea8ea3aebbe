package io.liveness.gateway.testsupport;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The time of a gateway under test, sandbox included. Runs with the system's until it is moved on. */
public final class SettableClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;
    private volatile Clock running = Clock.systemUTC();

    @Override
    public Instant instant() {
        // As exact as PostgreSQL, so that what was stored equals what was meant.
        return running.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /** From now on only {@link #advance} moves it. */
    public void stop() {
        running = Clock.fixed(running.instant(), ZoneOffset.UTC);
    }

    /** It runs with the system's again. */
    public void go() {
        running = Clock.systemUTC();
    }

    public void advance(Duration step) {
        ahead = ahead.plus(step);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }

    /** Takes the place of the system's clock. */
    static class Producer {

        private static final SettableClock CLOCK = new SettableClock();

        @Produces
        @Singleton
        SettableClock clock() {
            return CLOCK;
        }
    }
}
