package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.TimeBuckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts and times exports: {@code liveness.exports} and {@code liveness.exports.rows}. */
@Startup // its metrics are there from the start
@Singleton
class ExportMetrics {

    private final Map<FileType, Map<ExportOutcome, Timer>> timers = new EnumMap<>(FileType.class);
    private final Map<FileType, Counter> rows = new EnumMap<>(FileType.class);

    ExportMetrics(MeterRegistry registry) {
        for (FileType type : FileType.values()) {
            Map<ExportOutcome, Timer> byOutcome = new EnumMap<>(ExportOutcome.class);
            for (ExportOutcome outcome : ExportOutcome.values()) {
                byOutcome.put(
                        outcome,
                        TimeBuckets.timer("liveness.exports", "Exports, from the start to the end")
                                .tag("type", type.label())
                                .tag("outcome", outcome.label())
                                .register(registry));
            }
            timers.put(type, byOutcome);
            rows.put(
                    type,
                    Counter.builder("liveness.exports.rows")
                            .description("Rows of exports")
                            .tag("type", type.label())
                            .register(registry));
        }
    }

    void ended(FileType type, ExportOutcome outcome, long nanos, long written) {
        timers.get(type).get(outcome).record(nanos, TimeUnit.NANOSECONDS);
        rows.get(type).increment(written);
    }
}
