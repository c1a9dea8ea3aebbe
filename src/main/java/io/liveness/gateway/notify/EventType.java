package io.liveness.gateway.notify;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** A type of event that an endpoint may choose, and the feed has. */
public enum EventType {
    SETTLED("liveness.session.settled"),
    UNKNOWN("liveness.session.unknown"),
    REDACTED("liveness.session.redacted"),
    ENDPOINT_PAUSED("liveness.endpoint.paused"),
    ENDPOINT_DISABLED("liveness.endpoint.disabled");

    private final String type;

    EventType(String type) {
        this.type = type;
    }

    @JsonValue
    public String type() {
        return type;
    }

    public static EventType of(String type) {
        return Arrays.stream(values())
                .filter(event -> event.type().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
