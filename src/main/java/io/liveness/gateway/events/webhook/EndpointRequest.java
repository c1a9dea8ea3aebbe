package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.receiver.ReceiverUrl;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;

/** An endpoint as its owner wants it. */
record EndpointRequest(
        @NotNull(message = "is required")
        @Size(min = 1, max = MAX_URL, message = "must have 1 to " + MAX_URL + " characters")
        String url,

        String description,

        @Size(max = MOST_TYPES, message = "must have at most " + MOST_TYPES + " types")
        List<@NotNull(message = "must not be null") SubscribedEvent> eventTypes) {

    static final int MAX_URL = ReceiverUrl.MOST_CHARACTERS;
    static final int MAX_DESCRIPTION = 200;
    static final int MOST_TYPES = 3;

    /** @throws ProblemException naming the field that breaks a rule */
    void check() {
        Optional.ofNullable(description).ifPresent(given -> Parameters.text("description", given, 1, MAX_DESCRIPTION));
    }

    /** Null for all. */
    String[] types() {
        return eventTypes == null || eventTypes.isEmpty()
                ? null
                : eventTypes.stream().map(SubscribedEvent::type).distinct().toArray(String[]::new);
    }

    /** Without the address. */
    @Override
    public String toString() {
        return "EndpointRequest";
    }
}
