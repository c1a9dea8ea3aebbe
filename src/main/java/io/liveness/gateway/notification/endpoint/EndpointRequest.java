package io.liveness.gateway.notification.endpoint;

import io.liveness.gateway.notification.receiver.ReceiverUrl;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An endpoint as its owner wants it. */
@Schema(
        name = "WebhookEndpointRequest",
        description = "A webhook endpoint as its owner wants it.",
        additionalProperties = Schema.False.class)
record EndpointRequest(
        @NotNull(message = "is required")
        @Size(min = 1, max = MAX_URL, message = "must have 1 to " + MAX_URL + " characters")
        @Schema(
                description =
                        "Where events are posted to: `https`, of a host or network that `liveness.webhook.allowed-hosts` lists, without"
                                + " user information and fragment.",
                minLength = 1,
                maxLength = MAX_URL,
                examples = "https://shop.example/liveness/events")
        String url,

        @Schema(description = "The owner's own words for it.", minLength = 1, maxLength = MAX_DESCRIPTION)
        String description,

        @Size(max = MOST_TYPES, message = "must have at most " + MOST_TYPES + " types")
        @Schema(
                description = "The types of events it receives; all when left out or empty.",
                maxItems = MOST_TYPES,
                examples = "[\"liveness.session.settled\"]")
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
