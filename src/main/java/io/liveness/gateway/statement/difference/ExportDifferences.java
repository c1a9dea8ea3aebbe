package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.export.RecordExport;
import io.liveness.gateway.platform.export.ExportOrder;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.security.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Sends the differences of a statement as a file: a claim to the vendor. */
@Singleton
class ExportDifferences {

    private final Exports exports;
    private final RecordExport record;
    private final Clock clock;

    ExportDifferences(Exports exports, RecordExport record, Clock clock) {
        this.exports = exports;
        this.record = record;
        this.clock = clock;
    }

    /** Fails with a problem as long as nothing was sent, and breaks the answer off after that. On the audit list before its first byte. */
    Uni<Void> send(
            UUID statement,
            DifferenceFilter filter,
            SecurityIdentity identity,
            FileType type,
            ZoneId zone,
            HttpServerRequest to) {
        Caller by = Caller.of(identity);
        ClaimTable table = new ClaimTable(new ClaimTable.Origin(statement, filter, by.name(), clock.instant(), zone));
        Tuple parameters = Tuple.tuple()
                .addUUID(statement)
                .addArrayOfString(filter.kinds())
                .addString(filter.state().map(Enum::name).orElse(null))
                .addString(filter.assignee().orElse(null));
        Map<String, String> detail = new LinkedHashMap<>(filter.text());
        detail.put("statement", statement.toString());
        detail.put("type", type.label());
        detail.put("timeZone", zone.getId());
        return exports.send(
                new ExportOrder(
                        by,
                        type,
                        zone,
                        DifferencesSql.WHOLE,
                        parameters,
                        table,
                        record.of(table.name(), Caller.actor(identity), detail)),
                to);
    }
}
