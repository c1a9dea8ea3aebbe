package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.session.DataEventRow;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Something that happened to the personal data of a session. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DataEvent", description = "An event of a session's personal data.")
record DataEventView(
        @Schema(required = true, description = "UUIDv7 of the event.")
        UUID id,

        @Schema(
                required = true,
                maxLength = 32,
                description =
                        "The kind of event. FACE_VIEWED: the face image was passed on. FACE_REDACTED: the address of the"
                                + " face image was erased. THINNED: the data of the request was erased when its retention was over. ERASED: it was"
                                + " erased because a caller asked for it. DATA_READ: metadata and returnUrl were shown to the role"
                                + " operator-data. Later versions may add values.",
                examples = "FACE_VIEWED")
        String type,

        @Schema(required = true, description = "When it happened.")
        Instant at,

        @Schema(
                description =
                        "The caller, with the person after a slash for a session of the console; `retention` when the"
                                + " gateway did it without a request. Absent from redactions before this field existed.",
                examples = "shop")
        String by) {

    static DataEventView of(DataEventRow row) {
        return new DataEventView(row.id, row.type, row.at.toInstant(), row.by);
    }
}
