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

        @Schema(
                required = true,
                description =
                        "Where events are posted to. For the role operator without the query, which may hold a secret of the receiver.",
                maxLength = EndpointRequest.MAX_URL)
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
        Instant updatedAt,

        @Schema(
                description =
                        "How many deliveries are PENDING; 100 means 100 or more. Only for the role operator in lists and reads.")
        Long pending,

        @Schema(
                description =
                        "How many deliveries are FAILED; 100 means 100 or more. Only for the role operator in lists and reads.")
        Long failed) {

    /** For its owner. */
    static EndpointView of(EndpointRow row, String secret) {
        return of(row, null, row.url(), secret);
    }

    /**
     * For an operator.
     *
     * @param own the operator's name as a caller, which sees its own address in full
     */
    static EndpointView ofOperator(EndpointRow row, String own) {
        return of(row, row.caller(), row.caller().equals(own) ? row.url() : withoutQuery(row.url()), null);
    }

    private static EndpointView of(EndpointRow row, String caller, String url, String secret) {
        return new EndpointView(
                row.id(),
                caller,
                url,
                row.description(),
                row.eventTypes(),
                row.status(),
                row.reason(),
                row.failingSince(),
                row.lastError(),
                secret,
                row.oldSecretUntil(),
                row.createdAt(),
                row.updatedAt(),
                row.backlog() == null ? null : row.backlog().pending(),
                row.backlog() == null ? null : row.backlog().failed());
    }

    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    /** Without address and secret. */
    @Override
    public String toString() {
        return "WebhookEndpoint[" + id + " " + status + "]";
    }
}
