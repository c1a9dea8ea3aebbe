package io.liveness.gateway.session.leasing;

import io.liveness.gateway.session.PollLimit;

/**
 * The statements that lease. They read and write the schedule alone. A poll is final when it is due within the final polls' time before the
 * token's end. An ordinary poll that was delayed that long becomes final.
 *
 * <p>Spans of time are parameters in milliseconds. $1 of a statement that leases is the length of the lease.
 */
public final class LeasingSql {

    private static final String LEASE = """
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = liveness_now() + $1::float8 * interval '1 millisecond',
                   next_look_at = liveness_now() + $1::float8 * interval '1 millisecond'
            %s
            returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at
            """;

    // Word for word as in the index schedule_of_last_looks. Without the status: with it PostgreSQL might walk all open
    // sessions in the
    // order of their ends.
    private static final String FINAL_POLL_IS_DUE = """
            greatest(next_look_at, last_looks_from) <= liveness_now() and next_look_at < token_expires_at
                and token_expires_at > liveness_now()""";

    // Past the end there is no verdict left to lose, only the vendor's word that it is over.
    private static final String OTHER_POLL_IS_DUE = """
            status = 'PENDING' and next_look_at <= liveness_now()
                and (last_looks_from > liveness_now()
                     or (token_expires_at <= liveness_now()
                         and token_expires_at > liveness_now() - %s::float8 * interval '1 millisecond'))""";

    private static final String COUNTED = """
            with final_poll as materialized (
                select greatest(next_look_at, last_looks_from) as due_at from session_schedule where %1$s
                order by greatest(next_look_at, last_looks_from) limit %3$s
            ), other as materialized (
                select next_look_at as due_at from session_schedule where %2$s order by next_look_at limit %3$s
            ), counted as materialized (
                select (select count(*) from final_poll)::int as final_polls,
                       (select count(*) from other)::int as others,
                       coalesce(extract(epoch from liveness_now() - (select min(due_at) from final_poll)), 0)::float8
                           as final_polls_late,
                       coalesce(extract(epoch from liveness_now() - (select min(due_at) from other)), 0)::float8 as others_late
            )
            """;

    /** $1 how long after its token's end a session is written off, $2 how far to count. */
    public static final String COUNT =
            COUNTED.formatted(FINAL_POLL_IS_DUE, OTHER_POLL_IS_DUE.formatted("$1"), "$2") + "select * from counted";

    /**
     * Leases final polls by the end of their token, and others by how long they have been due. $2 how many for final polls, $3 how many
     * others, $4 how long after its token's end a session is written off, $5 how far to count what is due. Returns what was due in each
     * row; one row without a session when none was leased.
     */
    public static final String POLLS = COUNTED.formatted(FINAL_POLL_IS_DUE, OTHER_POLL_IS_DUE.formatted("$4"), "$5")
            + """
            , for_final_poll as materialized (
                select session_id from session_schedule
                where %s
                order by token_expires_at
                limit $2
                for no key update skip locked
            ), for_other as materialized (
                select session_id from session_schedule
                where %s
                order by next_look_at
                limit $3
                for no key update skip locked
            ), due as (
                select session_id, true as final_poll from for_final_poll union all select session_id, false from for_other
            ), leased as (
                %s, due.final_poll
            )
            select * from counted left join leased on true
            """.formatted(
                            FINAL_POLL_IS_DUE,
                            OTHER_POLL_IS_DUE.formatted("$4"),
                            LEASE.formatted("from due where s.session_id = due.session_id")
                                    .strip());

    /** $2 how many of each kind, $3 how long after its token's end a session is written off. */
    public static final String TO_WRITE_OFF = """
            with given_up as materialized (
                select session_id from session_schedule
                where status = 'PENDING' and token_expires_at <= liveness_now() - $3::float8 * interval '1 millisecond'
                  and (leased_until is null or leased_until <= liveness_now())
                order by token_expires_at
                limit $2
                for no key update skip locked
            ), lost as materialized (
                select session_id from session_schedule
                where status <> 'PENDING' and next_look_at <= liveness_now()
                order by next_look_at
                limit $2
                for no key update skip locked
            ), due as (
                select session_id from given_up union all select session_id from lost
            )
            """ + LEASE.formatted("from due where s.session_id = due.session_id");

    /**
     * $2 the session, $3 its last lease or null, $4 and $5 the asking rule, $6 whether its token may have ended. It does not name the status: PostgreSQL would then take the
     * partial indexes into account, and on tables it knows nothing of it prefers to read one of them as a whole.
     */
    static final String ONE =
            LEASE.formatted("""
            where s.session_id = $2 and s.token_expires_at is not null
              and (s.leased_until is null or s.leased_until <= liveness_now()) and s.lease = coalesce($3::int, s.lease)
              and (s.token_expires_at > liveness_now() or $6) and not %s
            """.formatted(PollLimit.limitReached("s.session_id", "$4", "$5::float8")));

    private LeasingSql() {}
}
