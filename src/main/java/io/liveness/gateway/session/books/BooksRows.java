package io.liveness.gateway.session.books;

import java.time.Duration;

/** The rows of the books that a pass reads, and the sessions that it judges: the first parts of {@link BooksSql}'s statement. */
final class BooksRows {

    /** How many rows of each source a pass reads. With analysed tables all together stay below PostgreSQL's limit for JIT. */
    static final int NEW_ROWS = 200;

    static final int WALKED_SESSIONS = 250;
    static final int WALKED_ENTRIES = 500;
    static final int WALKED_OPEN = 125;
    static final int OVERDUE = 250;

    private static final String MOVES =
            "('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF')";

    /**
     * The rows that a pass reads. A replica that has not got the turn reads none. The walks go on after each long pause and, while passes
     * are closer, once in as much time. A move writes its event and its entry together. While there are more events than a pass reads, it
     * reads entries up to their time, so that as a rule both are judged at once.
     *
     * @param longestOpen how long a session may be open at most
     */
    static String read(Duration longestOpen) {
        return """
            turn as materialized (
                select *, liveness_now() - interval '%10$d ms' as due_before,
                       next_pass_at = compared_at as follows, next_pass_at = compared_at + interval '%8$d ms' as soon,
                       next_pass_at not in (compared_at, compared_at + interval '%8$d ms')
                           or date_bin('%9$d ms', compared_at, 'epoch') < date_bin('%9$d ms', liveness_now(), 'epoch') as walks
                from books_comparison where only_row and next_pass_at <= liveness_now()
                for update skip locked
            ), new_event as materialized (
                select event.* from turn, lateral (
                    select seq, session_id, at from session_event where seq > turn.event_from and type in %2$s
                    order by seq limit %1$d) event
            ), next_entry as materialized (
                select entry.* from turn, lateral (
                    select id, session_id, kind, recorded_at from ledger_entry where id > turn.entry_from order by id limit %1$d) entry
            ), new_entry as materialized (
                select id, session_id, kind from next_entry
                where (select count(*) from new_event) < %1$d
                   or id <= (select max(id) from next_entry where recorded_at <= (select max(at) from new_event))
            ), walked_entry as materialized (
                select entry.* from turn, lateral (
                    select id, session_id, kind from ledger_entry where id > turn.entry_walk order by id limit %3$d) entry
                where turn.walks
            ), walked_session as materialized (
                select session.* from turn, lateral (
                    select id from liveness_session where id > turn.session_walk order by id limit %4$d) session
                where turn.walks
            ), walked_open as materialized (
                select session.* from turn, lateral (
                    select init_at, id from liveness_session
                    where %5$s and (init_at, id) > (turn.open_walk_at, turn.open_walk)
                    order by init_at, id limit %6$d) session
                where turn.walks
            ), overdue as materialized (
                select session.* from turn, lateral (
                    select id from liveness_session where %5$s and init_at <= turn.due_before
                    order by init_at, id limit %7$d) session
                where turn.walks
            )""".formatted(
                        NEW_ROWS,
                        MOVES,
                        WALKED_ENTRIES,
                        WALKED_SESSIONS,
                        BooksSql.UNENDED,
                        WALKED_OPEN,
                        OVERDUE,
                        BooksSql.SHORT_PAUSE,
                        BooksSql.PAUSE,
                        longestOpen.toMillis());
    }

    // A walked entry is judged only when its session is missing; otherwise the walk over sessions judges it.
    static final String CANDIDATES = """
            candidate as materialized (
                select session_id as id from new_entry where kind <> 'ADJUSTMENT'
                union select session_id from new_event
                union select id from walked_session
                union select id from walked_open
                union select id from overdue
                union select session_id from books_difference, turn
                where session_id >= '00000000-0000-0000-0000-000000000000'
                union select entry.session_id from walked_entry entry
                      left join lateral (
                          select true as there from liveness_session where id = entry.session_id limit 1) session on true
                      where entry.kind <> 'ADJUSTMENT' and session.there is null
            )""";

    private BooksRows() {}
}
