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

/** Something that happened to a session. */
record EventView(UUID id, EventType type, Instant at, Detail detail) {

    static EventView of(EventRow row) {
        return new EventView(row.id, EventType.valueOf(row.type), row.at.toInstant(), Detail.of(row.detail));
    }

    /** What belongs to the type of event. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Detail(
            Integer code,
            Integer polls,
            Instant firstPollAt,
            String taskNo,
            SessionStatus status,
            ChargeStatus charge,
            Boolean billed,
            String reason,
            Boolean passing,
            SessionStatus recorded,
            String late,
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
