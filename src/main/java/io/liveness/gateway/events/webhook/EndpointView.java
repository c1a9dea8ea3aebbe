package io.liveness.gateway.events.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A webhook endpoint as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        UUID id,
        String caller,
        String url,
        String description,
        List<SubscribedEvent> eventTypes,
        EndpointStatus status,
        StatusReason reason,
        Instant failingSince,
        String lastError,
        String secret,
        Instant oldSecretValidUntil,
        Instant createdAt,
        Instant updatedAt,
        Long pending,
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
