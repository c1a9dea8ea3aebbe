package io.liveness.gateway.testsupport;

import io.quarkus.arc.Arc;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;

/** The time of a gateway under test, of its database and of the sandbox. Runs with the system's until it is moved on. */
public final class SettableClock extends Clock {

    private static final Clock SYSTEM = Clock.systemUTC();

    private volatile Duration ahead = Duration.ZERO;
    private volatile Clock running = SYSTEM;

    @Override
    public Instant instant() {
        // PostgreSQL stores microseconds: what was stored equals what was meant.
        return running.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /** From now on only {@link #advance} moves it. */
    public void stop() {
        running = Clock.fixed(running.instant(), ZoneOffset.UTC);
        database();
    }

    /** The clock runs with the system's again. */
    public void go() {
        running = SYSTEM;
        database();
    }

    public void advance(Duration step) {
        ahead = ahead.plus(step);
        database();
    }

    /** The database goes by the same time: its function {@code liveness_now} is what every statement asks. */
    private void database() {
        String now = running.equals(SYSTEM)
                ? "now() + interval '%d microseconds'".formatted(ahead.toNanos() / 1_000)
                : "timestamptz '%s'".formatted(instant());
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create or replace function liveness_now() returns timestamptz language sql stable return " + now);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
