package io.liveness.gateway.retention.erasure;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The record of an erasure: which sessions must stay erased. */
@Schema(
        name = "ErasureRecord",
        description =
                "The record of an erasure: which sessions must stay erased. Of a person it has ids of sessions alone.")
record RecordView(
        @Schema(required = true, description = "The erasure.")
        UUID id,

        @Schema(required = true, description = "The caller that requested it.", maxLength = RepeatRequest.MAX_CALLER)
        String caller,

        @Schema(required = true, description = "When it was requested.")
        Instant requestedAt,

        @Schema(
                required = true,
                type = SchemaType.ARRAY,
                implementation = UUID.class,
                description = "Its sessions, those that still wait for their end included.",
                maxItems = ErasureSql.MOST_SESSIONS)
        List<UUID> sessionIds) {

    static RecordView of(Row row) {
        return new RecordView(
                row.getUUID(0),
                row.getString(1),
                row.getOffsetDateTime(2).toInstant(),
                List.of(row.getArrayOfUUIDs(3)));
    }
}
