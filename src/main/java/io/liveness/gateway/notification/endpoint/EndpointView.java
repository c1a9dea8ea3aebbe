package io.liveness.gateway.notification.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A webhook endpoint as the API shows it. */
@Schema(name = "WebhookEndpoint", description = "Where a caller receives events.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        @Schema(required = true, description = "UUIDv7 of the endpoint.")
        UUID id,

        @Schema(description = "Its owner; only for the role operator.")
        String caller,

        @Schema(required = true, description = "Where events are posted to.", maxLength = EndpointRequest.MAX_URL)
        String url,

        @Schema(description = "The owner's own words for it.", maxLength = EndpointRequest.MAX_DESCRIPTION)
        String description,

        @Schema(description = "The types of events it receives; absent when it receives all.")
        List<SubscribedEvent> eventTypes,

        @Schema(required = true) EndpointStatus status,
        StatusReason reason,

        @Schema(description = "The first failure after the last success; absent while attempts succeed.")
        Instant failingSince,

        @Schema(description = "What went wrong with the last attempt that failed; absent while attempts succeed.")
        String lastError,

        @Schema(
                description = "`whsec_` and base64 of 32 bytes. Only in the answer to its creation, and to a rotation.",
                pattern = "^whsec_[A-Za-z0-9+/]{43}=$")
        String secret,

        @Schema(description = "Until when the secret before signs too; absent when there is none.")
        Instant oldSecretValidUntil,

        @Schema(required = true, description = "When it was created.")
        Instant createdAt,

        @Schema(required = true, description = "When its owner or the gateway last changed it.")
        Instant updatedAt) {

    static EndpointView of(EndpointRow row, boolean withCaller, String secret) {
        return new EndpointView(
                row.id(),
                withCaller ? row.caller() : null,
                row.url(),
                row.description(),
                row.eventTypes(),
                row.status(),
                row.reason(),
                row.failingSince(),
                row.lastError(),
                secret,
                row.oldSecretUntil(),
                row.createdAt(),
                row.updatedAt());
    }

    /** Without address and secret. */
    @Override
    public String toString() {
        return "WebhookEndpoint[" + id + " " + status + "]";
    }
}
