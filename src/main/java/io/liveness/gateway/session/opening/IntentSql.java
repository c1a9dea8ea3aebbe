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
 * <p>{@code %s} is one more condition, or {@code true}.
 *
 * <p>The statements {@code WITHIN_BUDGET} are for a caller whose budget has a hard stop, one caller each. They store no more than its budget
 * has room for, and answer how much room there was, in one row at least, beside the ids of what was stored. {@code %s} is the call of
 * {@code budget_room}, which holds off the caller's other opens until the statement is over.
 */
final class IntentSql {

    /** Keys are inserted in one order, so that two statements with the same keys cannot deadlock. */
    private static final String FIRST_WITH = """
            with intent as materialized (
                select * from unnest((select $1::uuid[]), $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[],
                                     $8::bool[], $9::bool[], $10::text[], $11::text[], $12::jsonb[], $13::text[],
                                     $14::timestamptz[]%1$s)
                    as i (id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex,
                          anti_camera_hack, title, reference, metadata, cost_centre, at%2$s)
            ), kept as materialized (
                select k.id from unnest((select $15::uuid[]), $16::text[], $17::bytea[]) as k (id, caller, hash)
                cross join lateral (
                    select from liveness_session s where s.caller = k.caller and s.key_hash = k.hash limit 1) thinned
            )%5$s, stored as (
                insert into liveness_session (
                    id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex,
                    anti_camera_hack, title, reference, metadata, cost_centre, status, refusal_passing, charge_status, attempt,
                    init_at, created_at, updated_at)
                select id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex,
                       anti_camera_hack, title, reference, metadata, cost_centre, '%3$s', %4$s::boolean, 'NONE', 1, at, at, at
                from intent
                where %%s and id not in (select id from kept) %6$s
                order by caller, idempotency_key %7$s
                on conflict on constraint one_session_per_key do nothing
                returning id, created_at
            )""";

    private static final String ROOM = "room as materialized (select %s as opens)";
    private static final String ANSWER_ROOM = "select opens, id from room left join %s on true";

    // A key that is taken uses up no room.
    private static final String NEW_KEYS = """
            and not exists (
                    select from liveness_session taken
                    where taken.caller = intent.caller and taken.idempotency_key = intent.idempotency_key)""";

    /**
     * Many at once: $1 to $14 what is stored of the requests, $15 to $17 the hashes of their keys, $18 when the openings count as
     * orphaned, $19 the events. Answers the ids of those that were stored.
     */
    static final String FIRST = first("", "", "") + "select id from stored";

    /** The room comes before the condition. */
    static final String FIRST_WITHIN_BUDGET =
            first(", " + ROOM, NEW_KEYS, "limit (select opens from room)") + ANSWER_ROOM.formatted("stored");

    private static String first(String room, String newKeys, String limit) {
        return FIRST_WITH.formatted(
                        ", $18::timestamptz[], $19::uuid[]",
                        ", orphaned_at, event_id",
                        "OPENING",
                        "null",
                        room,
                        newKeys,
                        limit)
                + """
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
    }

    /** $1 to $17 as above, of one request; $18 and $19 the two events, $20 the detail of the second one. */
    static final String FIRST_REFUSED = FIRST_WITH.formatted("", "", "REJECTED", "true", "", "", "")
            + events("stored", "s.created_at", "$18", "$19", "$20");

    /** $1 the session, $2 its last attempt, $3 now, $4 when the opening counts as orphaned, $5 the event. */
    static final String AGAIN = again("", "") + "select id from event";

    /** The room comes before the condition. */
    static final String AGAIN_WITHIN_BUDGET =
            again(ROOM + ", ", "and (select opens from room) > 0") + ANSWER_ROOM.formatted("event");

    private static String again(String room, String within) {
        return """
            with %sreopened as (
                update liveness_session
                set status = 'OPENING', attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null,
                    refusal_passing = null, key_hash = null, key_hashed_at = null, updated_at = $3
                where id = $1 and attempt = $2 and status = 'REJECTED' and refusal_passing and thinned_at is null
                  and erased_at is null and %%s %s
                returning id, attempt
            ), scheduled as (
                insert into session_schedule (session_id, status, attempt, init_at, next_look_at)
                select id, 'OPENING', attempt, $3, $4 from reopened
            ), event as (
                insert into session_event (id, session_id, type, at)
                select $5, id, 'OPENING', $3 from reopened
                returning session_id as id
            )
            """.formatted(room, within);
    }

    /** $1 to $3 as above, $4 and $5 the two events, $6 the detail of the second one. */
    static final String AGAIN_REFUSED = """
            with refused as (
                update liveness_session
                set attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null, key_hash = null,
                    key_hashed_at = null, updated_at = $3
                where id = $1 and attempt = $2 and status = 'REJECTED' and refusal_passing and thinned_at is null
                  and erased_at is null and %s
                returning id
            )""" + events("refused", "$3", "$4", "$5", "$6");

    private IntentSql() {}

    private static String events(String of, String at, String first, String second, String detail) {
        return """

                insert into session_event (id, session_id, type, at, detail)
                select e.id, s.id, e.type, %2$s, e.detail
                from %1$s s, (values (1, %3$s::uuid, 'OPENING', '{}'::jsonb), (2, %4$s::uuid, 'REJECTED', %5$s::jsonb))
                    e (nth, id, type, detail)
                order by e.nth
                """.formatted(of, at, first, second, detail);
    }
}
