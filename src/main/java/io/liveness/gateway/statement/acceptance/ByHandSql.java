package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.finance.keys.UsedKeys;
import io.liveness.gateway.statement.difference.DifferencesSql;
import io.liveness.gateway.statement.matching.Judging;
import io.liveness.gateway.statement.matching.OtherBills;

/**
 * The statements that match by hand, each one transaction. Each locks the row of the bill, so that it and acceptances of the bill wait for
 * each other. It replaces results instead of changing them, so that no other request uses a result that it judged before.
 */
final class ByHandSql {

    private static final String STANDING = """
            standing as materialized (
                select id, currency, coalesce(period_to, last_at + interval '1 second', timestamptz 'epoch') as until
                from statement where id = $1 and case when dry_run then false else status = 'DONE' end for no key update)""";

    /** The results of a session in the statement: ranges of the key, see {@link DifferencesSql#byId}. */
    private static final String OF_SESSION = """
            select x.* from statement_match x
            where x.session_id is not null and (x.session_id, x.statement_id) >= (%1$s, $1) and (x.session_id, x.statement_id) <= (%1$s, $1)
            order by x.session_id, x.statement_id""";

    /** $1 statement, $2 difference, and the session, as the last parameter. */
    private static String judged(String session) {
        return """
                of_session as materialized (
                    select w.id, w.line from standing t cross join lateral (%2$s) w
                ), found as materialized (
                    select m.id, m.kind, m.line, m.task_no, m.theirs_status, m.theirs_amount, m.theirs_at, t.currency, t.until, o.*
                    from standing t
                    cross join lateral (%3$s) m
                    left join lateral (select %4$s from (%5$s) s where s.fee_amount is not null) o on true
                    where m.statement_id = t.id
                ), judged as materialized (
                    select f.*, theirs_amount = ours_amount and corrected_by is null as same_amount, (%6$s) as same_status,
                        case when %7$s then 'accepted-before'
                             when kind not in ('MISSING_IN_LEDGER', 'AMBIGUOUS') then 'line-has-a-fee'
                             when session_id is null then 'session-without-fee'
                             when ours_currency <> currency then 'currencies-differ'
                             when (select count(*) from of_session where line is not null) > 0 then 'session-matched'
                             when (select count(*) from of_session w where %8$s) > 0 then 'session-accepted'
                             when theirs_status = 'CHARGED' and other is not null then 'session-billed-elsewhere'
                        end as refusal
                    from found f
                    left join lateral (%9$s) twice on true
                    left join lateral (%10$s) corrected on true
                )""".formatted(
                        session,
                        OF_SESSION.formatted(session),
                        DifferencesSql.byId("statement_match", "id", "$2"),
                        Judging.OURS,
                        DifferencesSql.byId("liveness_session", "id", session),
                        Judging.agrees("theirs_status", "until"),
                        WorkSql.STANDS.formatted("a.difference_id = f.id"),
                        WorkSql.STANDS.formatted("a.difference_id = w.id"),
                        OtherBills.charge("f.session_id"),
                        OtherBills.correction("f.session_id"));
    }

    /** $3 the session. */
    static final String JUDGE = "with " + STANDING + ", " + judged("$3::uuid") + " select refusal from judged";

    /**
     * The key, the entry of the audit list and the numbers of results by kind: $3 id, $4 who, $5 why, $6 key, $7 what the key is for.
     *
     * @param from the part that has the row of {@code match_by_hand}, if it was written
     * @param less the part with the removed results
     * @param more the part with the results in their place
     */
    private static String recorded(String from, String act, AuditedAct audited, String less, String more) {
        return """
                change as (
                    select jsonb_agg(jsonb_build_object('kind', kind, 'n', n)) as counts
                    from (select kind, -1 as n from %1$s union all select kind, 1 from %2$s) every
                ), counted as (
                    update statement t set counts = counts_changed(t.counts, (select counts from change))
                    where t.id = $1 and (select count(*) from %3$s) > 0
                ), request as (
                    select $4::text as caller, $6::text as idempotency_key, $7::text as subject, '%4$s' as act
                    where (select count(*) from %3$s) > 0
                ), used as (
                    %5$s
                ), act as (
                    select $3::uuid as id, $4::text as who, '%6$s' as what, h.difference_id::text as subject,
                        jsonb_build_object('statement', h.statement_id::text, 'sessionId', h.session_id::text, 'kind', h.kind,
                            'reason', $5::text) as detail
                    from %3$s h
                ), audited as (
                    %7$s
                )
                select count(*) from %3$s
                """.formatted(
                        less, more, from, act, UsedKeys.usedBy("request"), audited.code(), Audit.entriesFrom("act"));
    }

    /**
     * As {@link #recorded}; $8 the session. Answers how many lines were matched: one or none. The {@code case} has the database refuse all of it
     * where a row was changed while this waited.
     */
    static final String MATCH = """
            with %s, %s, removed as (
                delete from statement_match m
                where m.id = any(array(select id from judged where refusal is null
                    union all select w.id from of_session w where (select count(*) from judged where refusal is null) > 0))
                returning m.*
            ), kept as (
                insert into match_by_hand (id, difference_id, statement_id, session_id, kind, earlier, reason, matched_by, matched_at)
                select $3, j.id, $1, case when (select count(*) from removed) = 1 + (select count(*) from of_session) then j.session_id end,
                    j.kind, (select jsonb_agg(to_jsonb(r)) from removed r), $5, $4, liveness_now()
                from judged j where j.refusal is null
                returning *
            ), written as (
                insert into statement_match (id, statement_id, kind, line, session_id, task_no, ours_status, ours_basis, ours_amount,
                    ours_currency, ours_at, theirs_status, theirs_amount, theirs_at, presumption, detail)
                select %s, $1, v.kind, line, session_id, task_no, ours_status, ours_basis, ours_amount, ours_currency, ours_at, theirs_status,
                    theirs_amount, theirs_at,
                    case when ours_basis = 'PRESUMED' and v.kind = 'MATCHED' then 'CONFIRMED'
                         when ours_basis = 'PRESUMED' and v.kind = 'STATUS_DIFFERS' then 'CONTRADICTED' end,
                    'matched by hand'
                from judged j
                cross join lateral (
                    select 'AMOUNT_DIFFERS' as kind, 0 as nth where not same_amount
                    union all select 'STATUS_DIFFERS', case when same_amount then 0 else 1 end where not same_status
                    union all select 'MATCHED', 0 where same_amount and same_status) v
                where (select count(*) from kept) > 0
                returning *
            ), %s
            """.formatted(
                    STANDING,
                    judged("$8::uuid"),
                    Judging.id("line", "nth"),
                    recorded("kept", "MATCH", AuditedAct.DIFFERENCE_MATCHED, "removed", "written"));

    private static final String HAND = """
            hand as materialized (
                select h.*
                from standing t
                cross join lateral (
                    select * from match_by_hand o where o.difference_id >= $2 and o.difference_id <= $2 and o.undone_at is null
                    order by o.difference_id limit 1) h
                where h.statement_id = t.id
            ), present as materialized (
                select w.id from hand h cross join lateral (%s) w
            )""".formatted(OF_SESSION.formatted("h.session_id"));

    private static final String ACCEPTED =
            "(select count(*) from present w where " + WorkSql.STANDS.formatted("a.difference_id = w.id") + ")";

    /** Why a match by hand is not taken back. */
    static final String JUDGE_UNMATCH = "with " + STANDING + ", " + HAND
            + " select case when (select count(*) from hand) = 0 then 'not-matched' when " + ACCEPTED
            + " > 0 then 'accepted-before' end";

    /**
     * As {@link #recorded}. Answers how many lines were given back: one or none. The {@code case} keeps the planner from walking a partial
     * index in place of the key.
     */
    static final String UNMATCH = """
            with %s, %s, undone as (
                update match_by_hand h set undone_by = $4, undone_at = liveness_now(), undone_reason = $5
                where h.id = (select id from hand) and case when h.undone_at is null then %s = 0 else false end
                returning h.*
            ), removed as (
                delete from statement_match m
                where m.id = any(array(select id from present where (select count(*) from undone) > 0))
                returning m.*
            ), restored as (
                insert into statement_match
                select r.* from undone h cross join lateral jsonb_populate_recordset(null::statement_match, h.earlier) r
                where (select count(*) from removed) > 0
                returning *
            ), %s
            """.formatted(
                    STANDING,
                    HAND,
                    ACCEPTED,
                    recorded("undone", "UNMATCH", AuditedAct.DIFFERENCE_UNMATCHED, "removed", "restored"));

    private ByHandSql() {}
}
