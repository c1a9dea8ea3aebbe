package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Times statements from the request for a connection to the answer: {@code liveness.statements}. */
@Singleton
class StatementTimes {

    private enum Outcome {
        DONE,
        /** For want of a database. */
        UNAVAILABLE,
        /** For want of a server that takes writes. */
        ONLY_READS,
        /** Refused by the database. */
        FAILED
    }

    private final Map<Connections, Map<Outcome, Timer>> timers = new EnumMap<>(Connections.class);

    StatementTimes(MeterRegistry registry) {
        for (Connections connections : Connections.values()) {
            Map<Outcome, Timer> byOutcome = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                byOutcome.put(outcome, timer(connections, outcome).register(registry));
            }
            timers.put(connections, byOutcome);
        }
    }

    private static Timer.Builder timer(Connections connections, Outcome outcome) {
        return TimeBuckets.timer("liveness.statements", "Statements, the wait for a connection included")
                .tag("connections", label(connections))
                .tag("outcome", label(outcome));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param failure null when the statement was answered */
    void record(Connections connections, Throwable failure, long nanos) {
        timers.get(connections).get(outcome(failure)).record(nanos, TimeUnit.NANOSECONDS);
    }

    private static Outcome outcome(Throwable failure) {
        if (failure == null) {
            return Outcome.DONE;
        }
        if (failure instanceof DatabaseUnavailable unavailable) {
            return unavailable.onlyReads() ? Outcome.ONLY_READS : Outcome.UNAVAILABLE;
        }
        return Outcome.FAILED;
    }
}
