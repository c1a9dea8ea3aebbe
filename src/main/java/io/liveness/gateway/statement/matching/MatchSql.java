package io.liveness.gateway.statement.matching;

/**
 * The statements of SQL that match, each for some thousand rows, each row by an index. Subqueries count at most one row, because {@code
 * exists} might be planned as a scan of whole tables; small sets are ordered by an expression ({@code p.id + 0}), so that no index of that
 * order is read instead. A result's id is the first 22 digits of its statement's, and ten of its place in it: four for each line, then from
 * {@link #SESSIONS} on one for each session without a line.
 */
final class MatchSql {

    /** The place of the first session without a line. */
    static final long SESSIONS = 1L << 36;

    /**
     * Lines by their task number. A fee that another bill has charged is charged twice. $1 statement, $2 the last line that was matched, $3 how many follow, $4 currency, $5 the end of its period.
     * Answers how many lines there were and the last of them.
     */
    static final String LINES = """
            with line as materialized (
                select l.line, l.task_no, l.at, l.status, l.amount, l.problem
                from statement_line l where l.statement_id = $1 and l.line > $2 order by l.line limit $3
            ), judged as materialized (
                select l.*, o.*,
                    case when l.problem is not null then 'UNREADABLE_LINE'
                         when (select count(*) from (
                                 select 1 from statement_line d where d.statement_id = $1 and d.task_no = l.task_no
                                   and d.line < l.line and d.problem is null limit 1) earlier) > 0 then 'DUPLICATE_LINE'
                         when o.session_id is null then 'MISSING_IN_LEDGER' end as whole
                from line l
                left join lateral (
                    select %s from ledger_entry p join liveness_session s on s.id = p.session_id
                    where p.kind = 'PRE_DEDUCT' and p.task_no = l.task_no and p.task_no is not null and s.fee_amount is not null
                    order by p.id + 0 limit 1) o on true
            ), elsewhere as materialized (
                select j.line as seen, twice.*, corrected.*
                from judged j
                left join lateral (%s) twice on true
                left join lateral (%s) corrected on true
                where j.whole is null and (twice.other is not null or corrected.corrected_by is not null)
            ), found as materialized (
                select j.*, e.*, v.kind, v.nth
                from judged j
                left join elsewhere e on e.seen = j.line
                cross join lateral (
                    select coalesce(j.whole, case when status = 'CHARGED' and other is not null then 'DUPLICATE_LINE' end) as of_line,
                        (amount = ours_amount and ours_currency = $4 and corrected_by is null) as same_amount, (%s) as same_status) c
                cross join lateral (
                    select of_line as kind, 0 as nth where of_line is not null
                    union all select 'AMOUNT_DIFFERS', 0 where of_line is null and not same_amount
                    union all select 'STATUS_DIFFERS', 1 where of_line is null and not same_status
                    union all select 'MATCHED', 0 where of_line is null and same_amount and same_status) v
            ), written as (
                insert into statement_match (id, statement_id, kind, line, session_id, task_no, ours_status, ours_basis, ours_amount,
                    ours_currency, ours_at, theirs_status, theirs_amount, theirs_at, presumption, detail)
                select %s, $1, kind, line, session_id, task_no, ours_status, ours_basis, ours_amount, ours_currency, ours_at, status, amount,
                    at,
                    case when ours_basis = 'PRESUMED' and kind = 'MATCHED' then 'CONFIRMED'
                         when ours_basis = 'PRESUMED' and kind = 'STATUS_DIFFERS' then 'CONTRADICTED' end,
                    coalesce(problem, case when kind = 'DUPLICATE_LINE' then %s when kind = 'AMOUNT_DIFFERS' then %s end)
                from found
            )
            select count(*), max(line) from line
            """.formatted(
                    Judging.OURS,
                    OtherBills.charge("j.session_id"),
                    OtherBills.correction("j.session_id"),
                    Judging.agrees("status", "$5"),
                    Judging.id("line", "nth"),
                    OtherBills.chargedTwice(""),
                    OtherBills.corrected(""));

    /**
     * Lines without a known task number by time and amount, among the fees whose init's answer was lost. One line and one fee must fit each
     * other alone. $1 statement, $2 the last result that was looked at, $3 how many follow, $4 currency, $5 the end of its period, $6 how
     * many milliseconds the times may be apart, $7 their kind. Returns how many results were read and the last of them.
     */
    static final String LOST = """
            with line as materialized (
                select m.id, m.task_no, m.theirs_at, m.theirs_amount, m.theirs_status
                from (
                    select * from statement_match m where (m.statement_id, m.kind, m.id) > ($1, $7, $2)
                    order by m.statement_id, m.kind, m.id limit $3) m
                where m.statement_id = $1 and m.kind = $7
            ), fitting as materialized (
                select l.*, f.ids, cardinality(f.ids) as many
                from line l
                cross join lateral (
                    select array(
                        select s.id from liveness_session s
                        where s.fee_amount is not null and s.verdict_code is null and s.status in ('UNKNOWN', 'EXPIRED')
                          and s.init_at between l.theirs_at - $6::bigint * interval '1 millisecond' and l.theirs_at + $6::bigint * interval '1 millisecond'
                          and s.task_no is null and s.fee_amount = l.theirs_amount and s.fee_currency = $4
                          and (select count(*) from (
                                  select 1 from statement_match o
                                  where o.session_id = s.id and o.line is not null and o.task_no <> l.task_no
                                    and (select t.status = 'DONE' and not t.dry_run and t.sha256 <> mine.sha256
                                           and (mine.supersedes is null or t.id <> mine.supersedes)
                                         from statement t, statement mine where t.id = o.statement_id and mine.id = $1)
                                  limit 1) taken) = 0
                        limit 2) as ids) f
            ), judged as materialized (
                select l.*, o.*, twice.*, corrected.*,
                    case when many > 1 or (
                             select count(*) from (
                                 select from statement_match x
                                 where x.statement_id = $1 and x.kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS')
                                   and x.theirs_at between o.ours_at - $6::bigint * interval '1 millisecond' and o.ours_at + $6::bigint * interval '1 millisecond'
                                   and x.theirs_amount = l.theirs_amount
                                 limit 2) two) > 1 then 'AMBIGUOUS'
                         when l.theirs_status = 'CHARGED' and other is not null then 'DUPLICATE_LINE'
                         when not (%s) then 'STATUS_DIFFERS' when corrected_by is not null then 'AMOUNT_DIFFERS' else 'MATCHED' end as becomes
                from fitting l
                cross join lateral (select %s from liveness_session s where s.id = l.ids[1]) o
                left join lateral (%s) twice on true
                left join lateral (%s) corrected on true
                where many > 0
            ), written as (
                update statement_match m
                set (kind, session_id, ours_status, ours_basis, ours_amount, ours_currency, ours_at, presumption, detail) = (
                    select j.becomes, k.session_id, k.ours_status, k.ours_basis, k.ours_amount, k.ours_currency, k.ours_at,
                        case j.becomes when 'MATCHED' then 'CONFIRMED' when 'STATUS_DIFFERS' then 'CONTRADICTED' end,
                        case j.becomes when 'AMBIGUOUS' then 'more than one line or fee without a task number fits by time and amount'
                             when 'DUPLICATE_LINE' then %s
                             when 'AMOUNT_DIFFERS' then %s
                             else 'found by time and amount: the answer of this init was lost' end
                    from judged j left join judged k on k.id = j.id and k.becomes <> 'AMBIGUOUS'
                    where j.id = m.id)
                where m.id = any(array(select id from judged))
            )
            select count(*), (select l.id from line l order by l.id desc limit 1) from line
            """.formatted(
                    Judging.agrees("theirs_status", "$5"),
                    Judging.OURS,
                    OtherBills.charge("o.session_id"),
                    OtherBills.correction("o.session_id"),
                    OtherBills.chargedTwice("j."),
                    OtherBills.corrected("j."));

    /**
     * Sessions of the period without a line, and those near to its edges that another bill has left to this one. One that another bill has
     * is cut off, and one near to an edge while there is no bill behind that. $1 statement, $2 time and $3 id of the last session that was
     * looked at, $4 how many follow, $5 and $6 the period, $7 the tolerance at its edges, $8 the place of the first, $9 how far the times
     * of a lost init and its line may be apart, $10 and $11 whether there is a bill before and one behind. Returns how many sessions were
     * read, and time and id of the last one.
     */
    static final String SESSIONS_WITHOUT_LINE = """
            with session as materialized (
                select s.id, s.init_at from liveness_session s
                where s.fee_amount is not null and (s.init_at, s.id) > ($2, $3)
                  and s.init_at < $6::timestamptz + $7::bigint * interval '1 millisecond'
                order by s.init_at, s.id limit $4
            ), missing as materialized (
                select s.task_no, s.status as session_status, o.*, o.ours_at >= $5::timestamptz and o.ours_at < $6::timestamptz as inside
                from session r
                join liveness_session s on s.id = r.id
                cross join lateral (select %s) o
                where (select count(*) from (
                    select 1 from statement_match m where m.session_id = r.id and m.statement_id = $1 limit 1) line) = 0
            ), judged as materialized (
                select m.*, billed.*,
                    case when other is not null then case when inside then 'CUT_OFF' end
                         when not inside then case when awaited and m.session_status <> 'UNKNOWN' then 'MISSING_IN_STATEMENT' end
                         when m.session_status = 'UNKNOWN' and m.ours_status in ('UNCONFIRMED', 'REFUNDED')
                         then case when exists (
                                 select from statement_match x
                                 where x.statement_id = $1 and x.kind = 'AMBIGUOUS'
                                   and x.theirs_at between m.ours_at - $9::bigint * interval '1 millisecond' and m.ours_at + $9::bigint * interval '1 millisecond')
                             then null else 'NOT_BILLED' end
                         when (m.ours_at < $5::timestamptz + $7::bigint * interval '1 millisecond' and not $10::boolean)
                             or (m.ours_at >= $6::timestamptz - $7::bigint * interval '1 millisecond' and not $11::boolean) then 'CUT_OFF'
                         else 'MISSING_IN_STATEMENT' end as kind
                from missing m
                left join lateral (%s) billed on true
                left join lateral (%s) edge on true
            ), written as (
                insert into statement_match (id, statement_id, kind, session_id, task_no, ours_status, ours_basis, ours_amount, ours_currency,
                    ours_at, presumption, detail)
                select %s, $1, kind, session_id, task_no, ours_status, ours_basis, ours_amount, ours_currency, ours_at,
                    case kind when 'NOT_BILLED' then 'CONTRADICTED' end, %s
                from judged where kind is not null
            )
            select count(*), (select r.init_at from session r order by r.init_at desc, r.id desc limit 1),
                (select r.id from session r order by r.init_at desc, r.id desc limit 1)
            from session
            """.formatted(
                    Judging.OURS,
                    OtherBills.line("m.session_id"),
                    OtherBills.cutOff("m.session_id"),
                    Judging.id("$8::bigint + row_number() over (order by ours_at, session_id)"),
                    OtherBills.billed(""));

    /** $1 statement, $2 place, $3 what the total is of, $4 our sum, $5 the one that is stated, $6 currency. */
    static final String CONTROL_TOTAL = """
            insert into statement_match (id, statement_id, kind, ours_amount, ours_currency, theirs_amount, detail)
            values (%s, $1, 'CONTROL_TOTAL_DIFFERS', $4, $6, $5, $3)
            """.formatted(Judging.id("$2::bigint"));

    private MatchSql() {}
}
