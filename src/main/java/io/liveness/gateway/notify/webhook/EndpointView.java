package io.liveness.gateway.notify.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.notify.webhook.Endpoint.EndpointStatus;
import io.liveness.gateway.notify.webhook.Endpoint.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A webhook endpoint as the API shows it: null is left out.
 *
 * @param caller its owner; for operators only
 * @param url for operators without path and query, unless it is their own
 * @param secret only in answers to what made it
 * @param notBefore no attempt is made earlier, because the receiver asked for that by {@code Retry-After}
 * @param pending deliveries of the endpoint, 100 at most; for operators only, as {@code failed}
 * @param version counts the changes by its owner
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        UUID id,
        String caller,
        String url,
        String description,
        List<EventType> eventTypes,
        EndpointStatus status,
        Reason reason,
        Instant failingSince,
        String lastError,
        Instant notBefore,
        String secret,
        Instant oldSecretValidUntil,
        Instant createdAt,
        Instant updatedAt,
        Long pending,
        Long failed,
        @JsonIgnore int version) {

    /** An address with a path or a query: only its host is shown to others. */
    private static final Pattern MORE_THAN_HOST =
            Pattern.compile("^(https?://[^/?]+)[/?].+$", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Deliveries of an endpoint, 100 of each at most. */
    record Backlog(long pending, long failed) {}

    /**
     * @param reader who reads, by its name as a caller
     * @param secret is shown this once; else null
     * @param backlog null where no operator reads
     */
    static EndpointView of(Endpoint endpoint, String reader, String secret, Backlog backlog) {
        boolean waits = endpoint.notBefore != null && endpoint.notBefore.isAfter(endpoint.now);
        return new EndpointView(
                endpoint.id,
                backlog == null ? null : endpoint.caller,
                endpoint.caller.equals(reader)
                        ? endpoint.url
                        : MORE_THAN_HOST.matcher(endpoint.url).replaceFirst("$1/…"),
                endpoint.description,
                endpoint.eventTypes == null
                        ? null
                        : Arrays.stream(endpoint.eventTypes).map(EventType::of).toList(),
                endpoint.status,
                endpoint.reason,
                endpoint.failingSince,
                endpoint.lastError,
                waits ? endpoint.notBefore : null,
                secret,
                endpoint.oldSecretUntil,
                endpoint.createdAt,
                endpoint.updatedAt,
                backlog == null ? null : backlog.pending,
                backlog == null ? null : backlog.failed,
                endpoint.version);
    }

    /** The ETag of address, description and types of events. */
    String tag() {
        return "\"" + version + "\"";
    }

    /** The text leaves out address and secret. */
    @Override
    public String toString() {
        return "Endpoint[" + id + " " + status + "]";
    }
}
