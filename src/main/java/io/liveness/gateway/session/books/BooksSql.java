package io.liveness.gateway.session.books;

import java.time.Duration;

/**
 * The comparison as one statement. Its cost is bounded by the limits in it: each lookup is a subquery that PostgreSQL cannot turn
 * into a join of whole tables, so that no statistics can lead it to read history.
 */
final class BooksSql {

    /** Milliseconds between passes. After a pass that followed at once the pause is short, so that fewer rows come together. */
    static final int PAUSE = 8_000;

    static final int SHORT_PAUSE = 500;

    /** Limit of stored differences, for overdue ones and for others; the rest is found again later. */
    static final int KEPT = 500;

    // Word for word as in the index session_unended.
    static final String UNENDED = "(status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED')";

    // What session, ledger and events say, side by side. The last events decide: before them the key may have been
    // refused any number of times. The condition on type is not that of event_of_move on purpose: with it the planner
    // may take that index for its order, and read the events of all sessions to find those of one.
    private static final String JUDGED = """
            judged as materialized (
                select candidate.id, turn.due_before, s.*,
                       pre.amount as pre_amount, pre.currency as pre_currency, pre.task_no as pre_task_no,
                       fin.kind as end_kind, fin.amount as end_amount, fin.currency as end_currency, fin.task_no as end_task_no,
                       schedule.status as scheduled_as, event.*
                from turn cross join candidate
                left join lateral (
                    select true as there, status, charge_status, fee_amount, fee_currency, task_no, verdict_code, init_at
                    from liveness_session where id = candidate.id limit 1) s on true
                left join lateral (
                    select amount, currency, task_no from ledger_entry
                    where session_id = candidate.id and kind = 'PRE_DEDUCT' limit 1) pre on true
                left join lateral (
                    select kind, amount, currency, task_no from ledger_entry
                    where session_id = candidate.id and kind in ('CHARGE', 'REFUND') limit 1) fin on true
                left join lateral (
                    select status from session_schedule where session_id = candidate.id limit 1) schedule on true
                cross join lateral (
                    select coalesce(bool_or(type = 'OPENING'), false) as stored,
                           coalesce(bool_or(type = 'OPENED'), false) as opened,
                           coalesce(bool_or(type = 'REJECTED'), false) as rejected,
                           coalesce(bool_or(type = 'OUTCOME_UNKNOWN'), false) as lost,
                           coalesce(bool_or(type = 'SETTLED'), false) as settled,
                           coalesce(bool_or(type = 'WRITTEN_OFF'), false) as written_off,
                           max(detail ->> 'charge') filter (where type = 'OPENED') as opened_charge,
                           max(detail ->> 'status') filter (where type in ('SETTLED', 'WRITTEN_OFF')) as ended_status,
                           max(detail ->> 'charge') filter (where type in ('SETTLED', 'WRITTEN_OFF')) as ended_charge
                    from (select type, detail from session_event
                          where session_id = candidate.id and type not in ('CHECKED', 'FACE_REDACTED', 'THINNED', 'ERASED', 'DATA_READ')
                          order by seq desc limit 20) move) event
            )""";

    // PostgreSQL prepares the expressions of a list of values for each row anew, so only rows that break a rule meet
    // the list.
    private static final String DIFFERS = """
            differs as materialized (
                select id as session_id, rule.kind, coalesce(fee_amount, 0) as fee_amount
                from (select * from judged where %s offset 0) suspect, lateral (values %s) rule (kind, broken)
                where rule.broken
            )""".formatted(DifferenceKind.anyRule(), DifferenceKind.rules());

    private static final String KEEP = """
            mended as (
                delete from books_difference known using turn
                where not exists (select from differs where differs.session_id = known.session_id and differs.kind = known.kind)
                returning known.session_id, known.kind
            ), unknown as materialized (
                select * from differs
                where not exists (select from books_difference known
                                  where known.session_id = differs.session_id and known.kind = differs.kind)
            ), found as (
                insert into books_difference (session_id, kind, fee_amount, found_at)
                select session_id, kind, fee_amount, liveness_now() from (
                    (select * from unknown where kind = 'overdue'
                     limit (select greatest(0, %1$d - count(*)) from books_difference
                            where session_id >= '00000000-0000-0000-0000-000000000000' and kind = 'overdue'))
                    union all
                    (select * from unknown where kind <> 'overdue'
                     limit (select greatest(0, %1$d - count(*)) from books_difference
                            where session_id >= '00000000-0000-0000-0000-000000000000' and kind <> 'overdue'))) fits
                returning session_id, kind
            )""".formatted(KEPT);

    // A walk starts again at its end. While more new rows exist than one pass reads, no row is read twice.
    // A short pause is too short for late rows to become visible. So what was read before it is read again after the
    // next long one.
    private static final String MOVED = """
            progress as (
                select behind, case when behind then 0 when follows then %5$d else %6$d end as pause
                from (select follows, (select count(*) from new_entry) = %1$d or (select count(*) from new_event) = %1$d as behind
                      from turn) pass
            ), moved as (
                update books_comparison c
                set next_pass_at = liveness_now() + progress.pause * interval '1 ms',
                    passes = turn.passes + 1, compared_at = liveness_now(),
                    entry_from = case when progress.behind then greatest(turn.entry_to, (select max(id) from new_entry))
                                      when turn.soon then turn.entry_from else turn.entry_to end,
                    entry_to = greatest(turn.entry_to, (select max(id) from new_entry)),
                    event_from = case when progress.behind then greatest(turn.event_to, (select max(seq) from new_event))
                                      when turn.soon then turn.event_from else turn.event_to end,
                    event_to = greatest(turn.event_to, (select max(seq) from new_event)),
                    entry_walk = case when turn.walks
                        then coalesce((select id from walked_entry order by id offset %2$d - 1), 0) else turn.entry_walk end,
                    session_walk = case when turn.walks
                        then coalesce((select id from walked_session order by id offset %3$d - 1),
                                      '00000000-0000-0000-0000-000000000000') else turn.session_walk end,
                    open_walk_at = case when turn.walks
                        then coalesce((select init_at from walked_open order by init_at, id offset %4$d - 1), '-infinity')
                        else turn.open_walk_at end,
                    open_walk = case when turn.walks
                        then coalesce((select id from walked_open order by init_at, id offset %4$d - 1),
                                      '00000000-0000-0000-0000-000000000000') else turn.open_walk end
                from turn, progress
                where c.only_row
            )
            select pause, change.session_id, change.kind, change.found
            from progress left join (
                select session_id, kind, true as found from found
                union all
                select session_id, kind, false from mended) change on true
            """.formatted(
                    BooksRows.NEW_ROWS,
                    BooksRows.WALKED_ENTRIES,
                    BooksRows.WALKED_SESSIONS,
                    BooksRows.WALKED_OPEN,
                    SHORT_PAUSE,
                    PAUSE);

    /**
     * One pass, when it is time and no other replica is at it: then a row for each difference found or mended, at least one, with the
     * milliseconds until the next pass. It has no parameters, so PostgreSQL keeps one plan for a connection until statistics change.
     *
     * @param longestOpen how long a session may be open at most
     */
    static String pass(Duration longestOpen) {
        return "with "
                + String.join(", ", BooksRows.read(longestOpen), BooksRows.CANDIDATES, JUDGED, DIFFERS, KEEP, MOVED);
    }

    /** How the books stand by the last pass, whichever replica did it: a row for each kind of difference, at least one. */
    static final String STANDING = """
            select compared_at < liveness_now() - interval '5 minutes' as stale, kind, count, fee_amount
            from books_comparison left join (
                select kind, count(*)::int, sum(fee_amount)::bigint as fee_amount
                from books_difference where session_id >= '00000000-0000-0000-0000-000000000000' group by kind) d on true
            where only_row
            """;

    private BooksSql() {}
}
