package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.session.ChargeStatus;
import io.liveness.gateway.session.EventRow;
import io.liveness.gateway.session.EventType;
import io.liveness.gateway.session.SessionStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Something that happened to a session. */
@Schema(name = "SessionEvent", description = "An event of a session.")
record EventView(
        @Schema(required = true, description = "UUIDv7 of the event.")
        UUID id,

        @Schema(required = true) EventType type,

        @Schema(required = true, description = "When it happened.")
        Instant at,

        @Schema(required = true) Detail detail) {

    static EventView of(EventRow row) {
        return new EventView(row.id, EventType.valueOf(row.type), row.at.toInstant(), Detail.of(row.detail));
    }

    /** What belongs to the type of event. */
    @Schema(
            name = "SessionEventDetail",
            description = "Details that depend on the type of event; never a token or an address.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Detail(
            @Schema(
                    description =
                            "REJECTED, OUTCOME_UNKNOWN, CHECKED, CONTRADICTED: the vendor's code, when there was an answer.")
            Integer code,

            @Schema(
                    description = "CHECKED, at the end of the session: how many polls there were, with this last one.",
                    examples = "3")
            Integer polls,

            @Schema(description = "CHECKED, at the end of the session: when the first poll was answered.")
            Instant firstPollAt,

            @Schema(description = "The vendor's task number of the call.")
            String taskNo,

            @Schema(description = "SETTLED, WRITTEN_OFF: the new status of the session.")
            SessionStatus status,

            @Schema(description = "OPENED, SETTLED, WRITTEN_OFF: the new state of the fee.")
            ChargeStatus charge,

            @Schema(
                    description =
                            "CHECKED: whether the vendor's flag says that the fee was billed; present only when this contradicts"
                                    + " the billing rule.")
            Boolean billed,

            @Schema(description = "REJECTED, OUTCOME_UNKNOWN, CHECKED: the failure, in words.")
            String reason,

            @Schema(description = "REJECTED: whether the same key may be sent again.")
            Boolean passing,

            @Schema(description = "CONTRADICTED: the status that stays recorded.")
            SessionStatus recorded,

            @Schema(
                    description = "CONTRADICTED: the outcome of init, when it arrived after the opening was abandoned.",
                    examples = "accepted")
            String late,

            @Schema(
                    description =
                            "FACE_REDACTED: the caller, with the person after a slash for a session of the console;"
                                    + " `retention` when the gateway redacted the face image after `liveness.face.retention`. Absent"
                                    + " from redactions before this field existed.",
                    examples = "retention")
            String by) {

        static Detail of(Map<String, Object> stored) {
            return new Detail(
                    (Integer) stored.get("code"),
                    (Integer) stored.get("polls"),
                    time(stored.get("firstPollAt")),
                    (String) stored.get("taskNo"),
                    choice(SessionStatus.class, stored.get("status")),
                    choice(ChargeStatus.class, stored.get("charge")),
                    (Boolean) stored.get("billed"),
                    (String) stored.get("reason"),
                    (Boolean) stored.get("passing"),
                    choice(SessionStatus.class, stored.get("recorded")),
                    (String) stored.get("late"),
                    (String) stored.get("by"));
        }

        private static Instant time(Object text) {
            return text == null ? null : OffsetDateTime.parse((String) text).toInstant();
        }

        private static <E extends Enum<E>> E choice(Class<E> choices, Object name) {
            return name == null ? null : Enum.valueOf(choices, (String) name);
        }
    }
}
