package io.liveness.gateway.session.opening;

/**
 * The statements that store an intent. Each names the attempt it begins. It stores nothing when the key is taken or another request was
 * faster, and nothing when the key's session is thinned or erased, or soon will be thinned. An intent for which no init may
 * be sent is stored as rejected at once, with both of its events: it is never open, so it is not on the schedule and no read waits for it.
 *
 * The refusal is retryable: nothing was sent.
 *
 * <p>The length of one array of each {@code unnest} is hidden from the planner, so that its estimate is never below the ten rows of a plan
 * for any values, and that plan is kept.
 *
 * <p>Each has the limit of open sessions as a parameter, null without one. {@code session_may_open} locks out the caller's other opens until
 * the statement is over.
 *
 * <p>The statements {@code WITHIN_BUDGET} are for a caller whose budget has a hard stop, one caller each. They store no more than its budget
 * has room for, and answer how much room there was, in one row at least, beside the ids of what was stored. {@code budget_room} holds off
 * the same opens; its arguments are those of a {@link BudgetLimit.HardStop}.
 */
final class IntentSql {

    private static final String OF_REQUEST = """
            id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex, anti_camera_hack, title, reference,
            metadata, cost_centre
            """;

    /**
     * $1 to $14 what is stored of the requests, $15 to $17 the hashes of their keys, $18 when the openings count as orphaned, $19 the
     * (first) events, $20 the limit.
     */
    private static final String INTENTS = """
            with intent as materialized (
                select * from unnest((select $1::uuid[]), $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[],
                                     $8::bool[], $9::bool[], $10::text[], $11::text[], $12::jsonb[], $13::text[],
                                     $14::timestamptz[], $18::timestamptz[], $19::uuid[])
                    as i (""" + OF_REQUEST + """
                    , at, orphaned_at, event_id)
            ), kept as materialized (
                select k.id from unnest((select $15::uuid[]), $16::text[], $17::bytea[]) as k (id, caller, hash)
                cross join lateral (
                    select from liveness_session s where s.caller = k.caller and s.key_hash = k.hash limit 1) thinned
            )
            """;

    /** Keys are inserted in one order, so that two statements with the same keys cannot deadlock. */
    private static final String IN_ORDER = """
            order by caller, idempotency_key
            """;

    private static final String ONCE = """
            on conflict on constraint one_session_per_key do nothing
            returning id, created_at
            """;

    private static final String OPEN = store("'OPENING', null::boolean");
    private static final String REJECTED = store("'REJECTED', true");

    private static String store(String statusAndPassing) {
        return "insert into liveness_session (" + OF_REQUEST + """
                , status, refusal_passing, charge_status, attempt, init_at, created_at, updated_at)
                select
                """ + OF_REQUEST + ", " + statusAndPassing + """
                , 'NONE', 1, at, at, at
                from intent
                where ($20::int is null or session_may_open(caller, $20)) and id not in (select id from kept)
                """;
    }

    private static final String BEGIN = """
            , opening as (
                select i.id, i.at, i.orphaned_at, i.event_id from stored s join intent i on i.id = s.id
            ), scheduled as (
                insert into session_schedule (session_id, status, attempt, init_at, next_look_at)
                select id, 'OPENING', 1, at, orphaned_at from opening
            ), event as (
                insert into session_event (id, session_id, type, at)
                select event_id, id, 'OPENING', at from opening
            )
            """;

    /** Many at once. Answers the ids of those that were stored. */
    static final String FIRST =
            INTENTS + ", stored as (" + OPEN + IN_ORDER + ONCE + ")" + BEGIN + "select id from stored";

    /** $21 to $25 the hard stop. A key that is taken uses up no room. */
    static final String FIRST_WITHIN_BUDGET =
            INTENTS + """
            , room as materialized (select budget_room($21, $22, $23, $24, $25) as opens)
            , stored as (
            """ + OPEN + """
            and not exists (
                    select from liveness_session taken
                    where taken.caller = intent.caller and taken.idempotency_key = intent.idempotency_key)
            """ + IN_ORDER + "limit (select opens from room)\n" + ONCE + ")" + BEGIN
                    + "select opens, id from room left join stored on true";

    /** One request; $21 the second event, $22 its detail. */
    static final String FIRST_REFUSED = INTENTS + ", stored as (" + REJECTED + IN_ORDER + ONCE + ")\n"
            + events("stored", "s.created_at", "($19::uuid[])[1]", "$21", "$22");

    private static final String REJECTED_BEFORE = """
            where id = $1 and attempt = $2 and status = 'REJECTED' and refusal_passing and thinned_at is null and erased_at is null
            """;

    private static final String REOPEN = """
            reopened as (
                update liveness_session
                set status = 'OPENING', attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null,
                    refusal_passing = null, key_hash = null, key_hashed_at = null, updated_at = $3
                """ + REJECTED_BEFORE + "and ($7::int is null or session_may_open($6, $7))\n";

    private static final String BEGIN_AGAIN = """
                returning id, attempt
            ), scheduled as (
                insert into session_schedule (session_id, status, attempt, init_at, next_look_at)
                select id, 'OPENING', attempt, $3, $4 from reopened
            ), event as (
                insert into session_event (id, session_id, type, at)
                select $5, id, 'OPENING', $3 from reopened
                returning session_id as id
            )
            """;

    /** $1 the session, $2 its last attempt, $3 now, $4 when the opening counts as orphaned, $5 the event, $6 the caller, $7 the limit. */
    static final String AGAIN = "with " + REOPEN + BEGIN_AGAIN + "select id from event";

    /** $8 to $12 the hard stop. */
    static final String AGAIN_WITHIN_BUDGET = """
            with room as materialized (select budget_room($8, $9, $10, $11, $12) as opens),
            """ + REOPEN + "and (select opens from room) > 0\n" + BEGIN_AGAIN
            + "select opens, id from room left join event on true";

    /** $1 to $3 as above, $4 and $5 the two events, $6 the caller, $7 the limit, $8 the detail of the second event. */
    static final String AGAIN_REFUSED = """
            with refused as (
                update liveness_session
                set attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null, key_hash = null,
                    key_hashed_at = null, updated_at = $3
                """ + REJECTED_BEFORE + """
                and ($7::int is null or session_may_open($6, $7))
                returning id
            )
            """ + events("refused", "$3", "$4", "$5", "$8");

    private IntentSql() {}

    private static String events(String of, String at, String first, String second, String detail) {
        return "insert into session_event (id, session_id, type, at, detail)\n"
                + "select e.id, s.id, e.type, " + at + ", e.detail from " + of + " s,\n"
                + "(values (1, " + first + "::uuid, 'OPENING', '{}'::jsonb), (2, " + second + "::uuid, 'REJECTED', "
                + detail + "::jsonb))"
                + " e (nth, id, type, detail)\n"
                + "order by e.nth";
    }
}
