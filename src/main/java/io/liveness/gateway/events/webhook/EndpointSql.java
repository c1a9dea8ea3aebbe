package io.liveness.gateway.events.webhook;

import java.util.UUID;

/** The statements of endpoints. $1 is the endpoint, $2 its caller, where nothing else is said. */
final class EndpointSql {

    /** Comes after every id. */
    static final UUID LAST = new UUID(-1, -1);

    /** $3 to $6 what it is, $7 how many a caller may have. Those that are created at the same moment do not see each other. */
    static final String CREATE = """
            insert into webhook_endpoint (id, caller, url, description, event_types, status, secret_sealed, created_at, updated_at)
            select $1, $2, $3, $4, $5, 'ACTIVE', $6, liveness_now(), liveness_now()
            where (select count(*) from (select from webhook_endpoint where caller = $2 limit $7) own) < $7
            returning %s
            """.formatted(EndpointRow.COLUMNS);

    private static final String FITS = """
            id < $2 and ($4::text is null or status = $4)
                and ($5::bool is null or (status = 'ACTIVE' and failing_since is null) = $5)""";

    /** $1 how many, $2 before which, $3 whose, null for any caller's, $4 of which status, $5 whether healthy, null for all. */
    static final String LIST_ALL = """
            select %s from webhook_endpoint p
            where %s and ($3::text is null or caller = $3)
            order by id desc limit $1
            """.formatted(EndpointRow.WITH_BACKLOG, FITS);

    /** The same without the backlog, and $3 is not null. */
    static final String LIST_OWN = """
            select %s from webhook_endpoint
            where %s and caller = $3
            order by caller desc, id desc limit $1
            """.formatted(EndpointRow.COLUMNS, FITS);

    /** Any caller's. */
    static final String GET_ANY = "select %s from webhook_endpoint p where id = $1".formatted(EndpointRow.WITH_BACKLOG);

    /** $2 null for any caller's. */
    static final String GET = "select %s from webhook_endpoint where id = $1 and ($2::text is null or caller = $2)"
            .formatted(EndpointRow.COLUMNS);

    static final String CHANGE = """
            update webhook_endpoint
            set url = $3, description = $4, event_types = $5, updated_at = liveness_now()
            where id = $1 and caller = $2
            returning %s
            """.formatted(EndpointRow.COLUMNS);

    /** Changes nothing where it is not ACTIVE. */
    static final String PAUSE = """
            update webhook_endpoint
            set status = case status when 'ACTIVE' then 'PAUSED' else status end,
                reason = coalesce(reason, 'OWNER'),
                updated_at = case status when 'ACTIVE' then liveness_now() else updated_at end
            where id = $1 and caller = $2
            returning %s
            """.formatted(EndpointRow.COLUMNS);

    /** Changes nothing where it is ACTIVE. $3 id of the job that has the deliveries attempted now that would be due later. */
    static final String RESUME = """
            with job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select $3, id, 'RESUME', '00000000-0000-0000-0000-000000000000', liveness_now()
                from webhook_endpoint where id = $1 and caller = $2 and status <> 'ACTIVE'
            )
            update webhook_endpoint
            set status = 'ACTIVE', reason = null, failing_since = case status when 'ACTIVE' then failing_since end,
                last_error = case status when 'ACTIVE' then last_error end,
                updated_at = case status when 'ACTIVE' then updated_at else liveness_now() end
            where id = $1 and caller = $2
            returning %s
            """.formatted(EndpointRow.COLUMNS);

    /**
     * $3 the new secret, $4 how long the old one still signs, in milliseconds. The one before it signs as long as it would have: when the
     * answer was lost and the request is repeated, it is the one that the receiver has.
     */
    static final String ROTATE = """
            update webhook_endpoint
            set secret_sealed = $3, older_secret_sealed = old_secret_sealed, older_secret_until = old_secret_until,
                old_secret_sealed = secret_sealed,
                old_secret_until = liveness_now() + $4::float8 * interval '1 millisecond', updated_at = liveness_now()
            where id = $1 and caller = $2
            returning %s
            """.formatted(EndpointRow.COLUMNS);

    /** $3 id of the job that deletes its deliveries. */
    static final String DELETE = """
            with job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select $3, id, 'DELETE', '00000000-0000-0000-0000-000000000000', liveness_now()
                from webhook_endpoint where id = $1 and caller = $2
            )
            delete from webhook_endpoint where id = $1 and caller = $2 returning %s
            """.formatted(EndpointRow.COLUMNS);

    private EndpointSql() {}
}
