package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.TimeBuckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts and times exports: {@code liveness.exports} and {@code liveness.exports.rows}. */
@Startup // its metrics are there from the start
@Singleton
class ExportMetrics {

    /** How an export ended. */
    enum Outcome {
        /** The whole file was sent. */
        DONE,
        /** The reader left. */
        ABANDONED,
        /** The reader took nothing for longer than {@code liveness.exports.stall-timeout}. */
        STALLED,
        /** It took longer than {@code liveness.exports.max-duration}. */
        TOO_LONG,
        /** The database was away. */
        UNAVAILABLE,
        /** Something unforeseen. */
        FAILED;

        /** As metrics and the log have it. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final MeterRegistry registry;

    ExportMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (FileType type : FileType.values()) {
            rows(type, 0);
            for (Outcome outcome : Outcome.values()) {
                timer(type, outcome);
            }
        }
    }

    void ended(FileType type, Outcome outcome, long nanos, long written) {
        timer(type, outcome).record(nanos, TimeUnit.NANOSECONDS);
        rows(type, written);
    }

    private Timer timer(FileType type, Outcome outcome) {
        return TimeBuckets.timer("liveness.exports", "Exports, from the start to the end")
                .tag("type", type.label())
                .tag("outcome", outcome.label())
                .register(registry);
    }

    private void rows(FileType type, long written) {
        Counter.builder("liveness.exports.rows")
                .description("Rows of exports")
                .tag("type", type.label())
                .register(registry)
                .increment(written);
    }
}
