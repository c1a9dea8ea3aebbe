package io.liveness.gateway.finance.export;

import io.liveness.gateway.finance.AllCharges;
import io.liveness.gateway.finance.ChargeFiles;
import io.liveness.gateway.finance.ChargeFilter;
import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.export.ExportOrder;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneId;

/** Sends charges as a file. */
@Singleton
class ExportCharges implements ChargeFiles {

    private final Exports exports;
    private final RecordExport record;
    private final Clock clock;

    ExportCharges(Exports exports, RecordExport record, Clock clock) {
        this.exports = exports;
        this.record = record;
        this.clock = clock;
    }

    @Override
    public Uni<Void> send(ChargeFilter filter, ChargeViewer by, FileType type, ZoneId zone, HttpServerRequest to) {
        ChargeTable table = new ChargeTable(new ChargeTable.Origin(filter, by.actor(), clock.instant(), zone));
        return exports.send(
                new ExportOrder(
                        by.caller(),
                        type,
                        zone,
                        AllCharges.sql(filter),
                        AllCharges.parameters(filter),
                        table,
                        record.of(filter, by, type, zone)),
                to);
    }
}
