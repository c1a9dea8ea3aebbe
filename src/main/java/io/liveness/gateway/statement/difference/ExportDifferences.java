package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.security.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Sends the differences of a statement as a file: a claim to the vendor. */
@Singleton
class ExportDifferences {

    private final Exports exports;
    private final Audit audit;
    private final Clock clock;

    ExportDifferences(Exports exports, Audit audit, Clock clock) {
        this.exports = exports;
        this.audit = audit;
        this.clock = clock;
    }

    /** On the audit list before its first byte. */
    Response answer(
            UUID statement,
            DifferenceFilter filter,
            SecurityIdentity identity,
            FileType type,
            ZoneId zone,
            HttpServerRequest request) {
        Caller by = Caller.of(identity);
        ClaimTable table = new ClaimTable(new ClaimTable.Origin(statement, filter, by.name(), clock.instant(), zone));
        Map<String, String> detail = new LinkedHashMap<>(filter.text());
        detail.put("statement", statement.toString());
        detail.put("type", type.label());
        detail.put("timeZone", zone.getId());
        String actor = Caller.actor(identity);
        Runnable recorded = () -> audit.recordExport(table.name(), actor, detail);
        return exports.answer(new Exports.Order(by, type, zone, table, recorded), request);
    }
}
