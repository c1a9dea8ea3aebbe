package io.liveness.gateway.session;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Something that happened to a session. */
@Schema(name = "SessionEvent")
record EventView(
        @Schema(required = true) UUID id,
        @Schema(required = true) EventType type,
        @Schema(required = true) Instant at,

        @Schema(required = true, description = "What belongs to the type; never a token or an address.")
        Map<String, Object> detail) {

    static EventView of(EventRow row) {
        return new EventView(row.id, row.type, row.at.toInstant(), row.detail);
    }
}
