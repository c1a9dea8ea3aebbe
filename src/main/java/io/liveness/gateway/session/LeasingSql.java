package io.liveness.gateway.session;

/**
 * The statements that lease. They read and write the schedule alone. A look is one of the last when its time has come before the
 * token's end: so an ordinary look that was put off for too long becomes one by itself.
 *
 * <p>Spans of time are parameters in milliseconds. $1 of a statement that leases is the length of the lease.
 */
final class LeasingSql {

    private static final String LEASE = """
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = liveness_now() + $1::float8 * interval '1 millisecond',
                   next_look_at = liveness_now() + $1::float8 * interval '1 millisecond'
            %s
            returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at
            """;

    private static final String LAST_LOOK_IS_DUE = """
            status = 'PENDING' and next_look_at <= liveness_now() and token_expires_at > liveness_now()
                and token_expires_at <= liveness_now() + %s::float8 * interval '1 millisecond'""";

    // Past the end there is no verdict left to lose, only the vendor's word that it is over.
    private static final String OTHER_LOOK_IS_DUE = """
            status = 'PENDING' and next_look_at <= liveness_now()
                and (token_expires_at > liveness_now() + %s::float8 * interval '1 millisecond'
                     or (token_expires_at <= liveness_now()
                         and token_expires_at > liveness_now() - %s::float8 * interval '1 millisecond'))""";

    /** $2 how many, $3 how long before the end last looks begin. */
    static final String LAST_LOOKS = """
            with due as materialized (
                select session_id from session_schedule
                where %s
                order by token_expires_at
                limit $2
                for no key update skip locked
            )
            """.formatted(LAST_LOOK_IS_DUE.formatted("$3"))
            + LEASE.formatted("from due where s.session_id = due.session_id");

    /** $2 how many, $3 how long before the end last looks begin, $4 how long after it a session is written off. */
    static final String LOOKS = """
            with due as materialized (
                select session_id from session_schedule
                where %s
                order by next_look_at
                limit $2
                for no key update skip locked
            )
            """.formatted(OTHER_LOOK_IS_DUE.formatted("$3", "$4"))
            + LEASE.formatted("from due where s.session_id = due.session_id");

    /** $2 how many of each kind, $3 how long after its token's end a session is written off. */
    static final String TO_WRITE_OFF = """
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
     * $2 the session, $3 its last lease or null, $4 and $5 the asking rule. It does not name the status: PostgreSQL would then take the
     * partial indexes into account, and on tables it knows nothing of it prefers to read one of them as a whole.
     */
    static final String ONE =
            LEASE.formatted("""
            where s.session_id = $2 and s.token_expires_at is not null
              and (s.leased_until is null or s.leased_until <= liveness_now()) and s.lease = coalesce($3::int, s.lease)
              and not %s
            """.formatted(AskingRule.askedEnough("s.session_id", "$4", "$5::float8")));

    /** $1 how long before the end last looks begin, $2 how long after it a session is written off, $3 how far to count. */
    static final String COUNT =
            """
            with last_look as materialized (
                select greatest(next_look_at, token_expires_at - $1::float8 * interval '1 millisecond') as due_at
                from session_schedule where %s
                order by token_expires_at limit $3
            ), other as materialized (
                select next_look_at as due_at from session_schedule where %s order by next_look_at limit $3
            )
            select (select count(*) from last_look)::int as last_looks,
                   (select count(*) from other)::int as others,
                   coalesce(extract(epoch from liveness_now() - (select min(due_at) from last_look)), 0)::float8
                       as last_looks_late,
                   coalesce(extract(epoch from liveness_now() - (select min(due_at) from other)), 0)::float8 as others_late
            """.formatted(LAST_LOOK_IS_DUE.formatted("$1"), OTHER_LOOK_IS_DUE.formatted("$1", "$2"));

    private LeasingSql() {}
}
