package io.liveness.gateway.session.leasing;

import io.liveness.gateway.session.PollLimit;

/**
 * The statements that lease. They read and write the schedule alone. A poll is final when it is due within the final polls' time before the
 * token's end. An ordinary poll that was delayed that long becomes final.
 *
 * <p>Spans of time are parameters in milliseconds. A statement that leases does nothing while the database's clock is not between two
 * moments, because leases and due times by a clock that has jumped would outlast the tokens.
 */
public final class LeasingSql {

    /**
     * What is due. $1 how long after its token's end a session is written off, $2 how far to count, $3 and $4 where final and other polls
     * begin: none was due before. Dead versions of rows lie there for as long as an old snapshot sees them.
     *
     * <p>Answers where the next statement may begin: ten seconds earlier, because a statement that makes a row due may wait so long for its
     * connection, its locks and its commit.
     */
    private static final String COUNTED = """
            with final_poll as materialized (
                select greatest(next_look_at, last_looks_from) as due_at from session_schedule
                -- Word for word as in the index schedule_of_last_looks. Without the status: with it PostgreSQL might walk all open
                -- sessions in the order of their ends.
                where greatest(next_look_at, last_looks_from) >= $3::timestamptz
                  and greatest(next_look_at, last_looks_from) <= liveness_now()
                  and next_look_at < token_expires_at and token_expires_at > liveness_now()
                order by greatest(next_look_at, last_looks_from)
                limit $2
            ), other as materialized (
                select next_look_at as due_at from session_schedule
                where status = 'PENDING' and next_look_at >= $4::timestamptz and next_look_at <= liveness_now()
                  -- Past the end there is no verdict left to lose, only the vendor's word that it is over.
                  and (last_looks_from > liveness_now()
                       or (token_expires_at <= liveness_now()
                           and token_expires_at > liveness_now() - $1::float8 * interval '1 millisecond'))
                order by next_look_at
                limit $2
            ), counted as materialized (
                select (select count(*) from final_poll)::int as final_polls,
                       (select count(*) from other)::int as others,
                       coalesce(extract(epoch from liveness_now() - (select min(due_at) from final_poll)), 0)::float8
                           as final_polls_late,
                       coalesce(extract(epoch from liveness_now() - (select min(due_at) from other)), 0)::float8 as others_late,
                       liveness_now() as now,
                       coalesce((select min(due_at) from final_poll), liveness_now()) - interval '10 seconds' as final_polls_from,
                       coalesce((select min(due_at) from other), liveness_now()) - interval '10 seconds' as others_from
            )
            """;

    public static final String COUNT = COUNTED + "select * from counted";

    /**
     * Leases final polls by the end of their token, and others by how long they have been due. $5 how many for final polls, $6 how many
     * others, $7 the length of the lease, $8 and $9 between which the database's clock must be. Returns what was due in each row; one row
     * without a session when none was leased.
     */
    public static final String POLLS = COUNTED + """
            , for_final_poll as materialized (
                select session_id from session_schedule
                where greatest(next_look_at, last_looks_from) >= $3::timestamptz
                  and greatest(next_look_at, last_looks_from) <= liveness_now()
                  and next_look_at < token_expires_at and token_expires_at > liveness_now()
                  and liveness_now() between $8::timestamptz and $9::timestamptz
                order by token_expires_at
                limit $5
                for no key update skip locked
            ), for_other as materialized (
                select session_id from session_schedule
                where status = 'PENDING' and next_look_at >= $4::timestamptz and next_look_at <= liveness_now()
                  and (last_looks_from > liveness_now()
                       or (token_expires_at <= liveness_now()
                           and token_expires_at > liveness_now() - $1::float8 * interval '1 millisecond'))
                  and liveness_now() between $8::timestamptz and $9::timestamptz
                order by next_look_at
                limit $6
                for no key update skip locked
            ), due as (
                select session_id, true as final_poll from for_final_poll union all select session_id, false from for_other
            ), leased as (
                update session_schedule s
                   set lease = s.lease + 1,
                       leased_until = liveness_now() + $7::float8 * interval '1 millisecond',
                       next_look_at = liveness_now() + $7::float8 * interval '1 millisecond'
                  from due
                 where s.session_id = due.session_id
                returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at, due.final_poll
            )
            select * from counted left join leased on true
            """;

    /**
     * $1 how long after its token's end a session is written off, $2 how many of each kind, $3 where to begin: nothing ended, or was lost,
     * before. $4 the length of the lease, $5 and $6 between which the database's clock must be.
     */
    public static final String TO_WRITE_OFF = """
            with given_up as materialized (
                select session_id from session_schedule
                where status = 'PENDING' and token_expires_at <= liveness_now() - $1::float8 * interval '1 millisecond'
                  and token_expires_at >= $3::timestamptz - $1::float8 * interval '1 millisecond'
                  and (leased_until is null or leased_until <= liveness_now())
                  and liveness_now() between $5::timestamptz and $6::timestamptz
                order by token_expires_at
                limit $2
                for no key update skip locked
            ), lost as materialized (
                select session_id from session_schedule
                where status <> 'PENDING' and next_look_at <= liveness_now() and next_look_at >= $3::timestamptz
                  and liveness_now() between $5::timestamptz and $6::timestamptz
                order by next_look_at
                limit $2
                for no key update skip locked
            ), due as (
                select session_id from given_up union all select session_id from lost
            )
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = liveness_now() + $4::float8 * interval '1 millisecond',
                   next_look_at = liveness_now() + $4::float8 * interval '1 millisecond'
              from due
             where s.session_id = due.session_id
            returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at
            """;

    /**
     * $1 the session, $2 its last lease or null, $3 whether its token may have ended, $4 the length of the lease, $5 and $6 between which the
     * database's clock must be. It does not name the status: PostgreSQL would then take the partial indexes into account, and on tables it
     * knows nothing of it prefers to read one of them as a whole.
     */
    static final String ONE = """
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = liveness_now() + $4::float8 * interval '1 millisecond',
                   next_look_at = liveness_now() + $4::float8 * interval '1 millisecond'
             where s.session_id = $1 and s.token_expires_at is not null
               and (s.leased_until is null or s.leased_until <= liveness_now()) and s.lease = coalesce($2::int, s.lease)
               and (s.token_expires_at > liveness_now() or $3)
               and liveness_now() between $5::timestamptz and $6::timestamptz
               and not %s
            returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at
            """.formatted(PollLimit.IS_REACHED);

    private LeasingSql() {}
}
