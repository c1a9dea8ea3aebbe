package io.liveness.gateway.notify.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Database;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

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
record Endpoint(
        UUID id,
        String caller,
        String url,
        String description,
        List<EventType> eventTypes,
        Status status,
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

    /** What {@link #of} reads of {@code webhook_endpoint p}. $1 who reads, by its name as a caller. */
    static final String COLUMNS = """
            id, caller, case when caller = $1 then url else regexp_replace(url, '^(https?://[^/?]+)[/?].+$', '\\1/…', 'i') end as url,
            description, event_types, status, reason, failing_since, last_error, created_at, updated_at, version,
            case when not_before > liveness_now() then not_before end as not_before,
            case when secrets_until[2] > liveness_now() then secrets_until[2] end as old_secret_until""";

    /**
     * With the backlog, which operators see.
     *
     * @param byOperator condition: the reader is one
     */
    static String columns(String byOperator) {
        return COLUMNS + """
                , case when %1$s then (
                    select count(*) from (
                        select from webhook_delivery d where d.endpoint_id = p.id and d.status = 'PENDING' limit 100) counted) end as pending,
                case when %1$s then (
                    select count(*) from (
                        select from webhook_delivery d where d.endpoint_id = p.id and d.status = 'FAILED' limit 100) counted) end as failed
                """.formatted(byOperator);
    }

    /**
     * Parts of a query that tell an owner that the endpoints in its part {@code stopped} are stopped: by the feed, and by the owner's other
     * endpoints.
     */
    static final String TELL = """
            told as (
                insert into webhook_endpoint_event (id, caller, endpoint_id, type, at, data)
                select new_id(), p.caller, p.id, 'liveness.endpoint.' || lower(p.status), liveness_now(),
                       jsonb_strip_nulls(jsonb_build_object('endpointId', p.id, 'reason', p.reason, 'error', p.last_error))
                from stopped p
                returning endpoint_id, type as kind, id as event_id, seq, caller, null::uuid as session_id, at, data,
            """ + SettledSignals.notifyCaller("caller")
            + """
            ), heard as (
                %s)""".formatted(Outbox.deliveriesFrom("told", "p.id <> e.endpoint_id"));

    /**
     * A part of a query that makes jobs for the endpoints in its part {@code resumed}, of the kind in that: deliveries that would be due later
     * are attempted now. Attempts begin anew with a RESUME, and not with a RECOVER: what fails at a receiver that works would be brought
     * forward for ever.
     */
    static final String RESUME_JOBS = """
            job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select new_id(), id, kind, '00000000-0000-0000-0000-000000000000', liveness_now()
                from resumed
                on conflict (endpoint_id, kind) where ended_at is null do nothing
            )""";

    /** Whether an endpoint receives. */
    enum Status {
        /** Events are delivered. */
        ACTIVE,
        /** Events are kept and delivered after a resume. */
        PAUSED,
        /** It answered 410 repeatedly: events are not kept. */
        DISABLED
    }

    /** Why an endpoint is not ACTIVE. */
    enum Reason {
        /** Its owner paused it. */
        OWNER,
        /** An operator paused it. */
        OPERATOR,
        /** All attempts failed for {@code liveness.webhook.pause-after}. */
        FAILING,
        /** It answered 410. */
        GONE
    }

    /**
     * @param secret is shown this once; else null
     * @param byOperator whether it is for an operator
     */
    static Endpoint of(Row row, String secret, boolean byOperator) {
        String[] types = row.getArrayOfStrings("event_types");
        String reason = row.getString("reason");
        return new Endpoint(
                row.getUUID("id"),
                byOperator ? row.getString("caller") : null,
                row.getString("url"),
                row.getString("description"),
                types == null ? null : Arrays.stream(types).map(EventType::of).toList(),
                Status.valueOf(row.getString("status")),
                reason == null ? null : Reason.valueOf(reason),
                Database.time(row, "failing_since"),
                row.getString("last_error"),
                Database.time(row, "not_before"),
                secret,
                Database.time(row, "old_secret_until"),
                Database.time(row, "created_at"),
                Database.time(row, "updated_at"),
                byOperator ? row.getLong("pending") : null,
                byOperator ? row.getLong("failed") : null,
                row.getInteger("version"));
    }

    /** Its ETag: of address, description and types of events. */
    String tag() {
        return "\"" + version + "\"";
    }

    /** Without address and secret. */
    @Override
    public String toString() {
        return "Endpoint[" + id + " " + status + "]";
    }
}
