package io.liveness.gateway.finance.audit;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** An entry, as it is stored. */
record AuditRow(UUID id, Instant at, String who, String what, String subject, Map<String, String> detail) {

    /** By position: {@link AuditSql}. */
    static AuditRow of(Row row) {
        int at = 0;
        return new AuditRow(
                row.getUUID(at++),
                row.getOffsetDateTime(at++).toInstant(),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                texts(row.getJsonObject(at)));
    }

    private static Map<String, String> texts(JsonObject detail) {
        Map<String, String> texts = new TreeMap<>();
        detail.forEach(field -> texts.put(field.getKey(), String.valueOf(field.getValue())));
        return texts;
    }
}
