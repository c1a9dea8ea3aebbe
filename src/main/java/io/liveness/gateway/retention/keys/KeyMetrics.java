package io.liveness.gateway.retention.keys;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/**
 * Shows which encryption keys stored values need, and the progress of the pass. The metrics are NaN while the database cannot be read. All
 * replicas show the same values.
 */
@Singleton
class KeyMetrics {

    private final RotatedTables tables;
    private final MultiGauge inUse;
    private volatile Map<String, Double> byKey = Map.of();
    private volatile double progress = Double.NaN;
    private volatile boolean underWay;

    KeyMetrics(RotatedTables tables, MeterRegistry registry) {
        this.tables = tables;
        this.inUse = MultiGauge.builder("liveness.encryption.key.in.use")
                .description("1 while stored values need the encryption key, or may need it")
                .register(registry);
        Gauge.builder("liveness.encryption.rotation.progress", () -> progress)
                .description("Share of the stored values that the pass under way has gone through")
                .register(registry);
    }

    /** Whether this replica's first key has a pass under way. */
    boolean isPassUnderWay() {
        return underWay;
    }

    /** @param rows of {@link KeySql#STATE} */
    void show(RowSet<Row> rows) {
        Map<String, Double> now = new HashMap<>();
        for (Row row : rows) {
            now.put(row.getString("id"), row.getBoolean("in_use") ? 1.0 : 0.0);
            underWay = row.getBoolean("under_way");
            progress = underWay ? share(Position.of(row)) : 1;
        }
        byKey = now;
        inUse.register(now.keySet().stream()
                .<MultiGauge.Row<?>>map(key -> MultiGauge.Row.of(
                        Tags.of("key", key), this, metrics -> metrics.byKey.getOrDefault(key, Double.NaN)))
                .toList());
    }

    /** The progress in the last table, which has nearly all rows; 0 before it. */
    private double share(Position at) {
        return at.stage() == tables.stages().size() - 1 ? at.share() : 0;
    }

    void unknown() {
        byKey = Map.of();
        progress = Double.NaN;
        underWay = false;
    }
}
