package io.liveness.gateway.events.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.liveness.gateway.events.EventKind;
import java.util.Arrays;

/** A type of event that an endpoint may choose. */
enum SubscribedEvent {
    /** A verdict was recorded or can no longer be had, and the fee ended. */
    @JsonProperty("liveness.session.settled")
    SETTLED(EventKind.SESSION_SETTLED),
    /** Init's answer was lost: a fee may have been taken. */
    @JsonProperty("liveness.session.unknown")
    UNKNOWN(EventKind.SESSION_UNKNOWN),
    /** The data of a session was erased, by an erasure. */
    @JsonProperty("liveness.session.redacted")
    REDACTED(EventKind.SESSION_REDACTED);

    private final EventKind kind;

    SubscribedEvent(EventKind kind) {
        this.kind = kind;
    }

    String type() {
        return kind.type();
    }

    static SubscribedEvent of(String type) {
        return Arrays.stream(values())
                .filter(event -> event.type().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
