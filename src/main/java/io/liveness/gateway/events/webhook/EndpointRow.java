package io.liveness.gateway.events.webhook;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** An endpoint as it is stored, without its secrets. What is not known is null. */
record EndpointRow(
        UUID id,
        String caller,
        String url,
        String description,
        List<SubscribedEvent> eventTypes,
        EndpointStatus status,
        StatusReason reason,
        Instant oldSecretUntil,
        Instant failingSince,
        String lastError,
        Instant createdAt,
        Instant updatedAt,
        Backlog backlog) {

    /** Deliveries of the endpoint, {@link #MOST} of each kind at most. */
    record Backlog(long pending, long failed) {

        static final int MOST = 100;
    }

    /** What a statement selects, in the order in which {@link #of} reads it. */
    static final String COLUMNS = """
            id, caller, url, description, event_types, status, reason,
            case when old_secret_until > liveness_now() then old_secret_until end, failing_since, last_error, created_at,
            updated_at""";

    /** The same with the backlog, of {@code webhook_endpoint p}. */
    static final String WITH_BACKLOG = COLUMNS + """
            ,
            (select count(*) from (select from webhook_outbox o where o.endpoint_id = p.id limit %1$d) pending),
            (select count(*) from (
                select from webhook_delivery d where d.endpoint_id = p.id and d.status = 'FAILED' limit %1$d) failed)
            """.formatted(Backlog.MOST);

    static EndpointRow of(Row row) {
        int at = 0;
        return new EndpointRow(
                row.getUUID(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                list(row.getArrayOfStrings(at++)),
                EndpointStatus.valueOf(row.getString(at++)),
                reason(row.getString(at++)),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at++)),
                row.getString(at++),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at++)),
                at < row.size() ? new Backlog(row.getLong(at), row.getLong(at + 1)) : null);
    }

    private static List<SubscribedEvent> list(String[] values) {
        return values == null
                ? null
                : Arrays.stream(values).map(SubscribedEvent::of).toList();
    }

    private static StatusReason reason(String name) {
        return name == null ? null : StatusReason.valueOf(name);
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** Without its address. */
    @Override
    public String toString() {
        return "Endpoint[" + id + " " + status + "]";
    }
}
