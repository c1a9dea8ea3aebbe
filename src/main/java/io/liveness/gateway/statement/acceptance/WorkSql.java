package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.finance.keys.UsedKeys;
import io.liveness.gateway.statement.difference.DifferencesSql;
import io.liveness.gateway.statement.matching.OtherBills;

/**
 * The statements that work differences, each one transaction: acceptance, adjustment, key and audit entry are there together or
 * not at all. Each holds the row of the bill, so that its withdrawal waits and then undoes this too.
 */
final class WorkSql {

    /** The {@code case} keeps the planner from walking a partial index in place of the key. */
    private static final String STANDING = """
            standing as materialized (
                select id, currency from statement where id = $1 and case when dry_run then false else status = 'DONE' end
                for no key update)""";

    private static final String OF_FEE = "('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')";
    private static final String OF_LINE = "('MISSING_IN_LEDGER', 'AMBIGUOUS')";

    /** The amount of one side: zero for a returned fee. */
    private static final String NET = "case %s when 'REFUNDED' then 0 else %s end";

    static final String STANDS =
            "(select count(*) from (select 1 from statement_acceptance a where a.state <> 'UNDONE' and %s limit 1) one) > 0";

    /**
     * The difference of a fee in two steps: first its status with our amount, then its amount with the bill's status. Their sum is what the
     * bill says. A session's fee is taken as it is now, which is for good once it has ended. One that another bill has is not missing. What
     * is adjusted by nothing corrects no fee.
     */
    private static final String JUDGED = """
            found as materialized (
                select w.*, m.kind, m.line, m.session_id, m.task_no, m.theirs_at, m.theirs_status, coalesce(m.theirs_amount, 0) as theirs_amount,
                       t.currency as bill_currency, s.charge_status, s.fee_amount, s.fee_currency, m.kind in %4$s as is_of_fee
                from unnest($2::uuid[], $3::uuid[], $4::uuid[]) w (id, acceptance, entry)
                cross join standing t
                cross join lateral (%9$s) m
                left join lateral (
                    select charge_status, fee_amount, fee_currency from (%10$s) fee) s on true
                where m.statement_id = t.id
            ), adjusted as materialized (
                select f.*,
                    case kind when 'MISSING_IN_STATEMENT' then fee_currency else bill_currency end as currency,
                    case when kind = 'MISSING_IN_STATEMENT' and %11$s then 0
                         when kind = 'MISSING_IN_STATEMENT' then -(%1$s)
                         when kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS', 'DUPLICATE_LINE') then %2$s
                         when kind = 'STATUS_DIFFERS' then (%3$s) - (%1$s)
                         when kind = 'AMOUNT_DIFFERS' then (%2$s) - (%3$s)
                         else 0 end as amount
                from found f
            ), judged as materialized (
                select f.*,
                    case when kind in ('MATCHED', 'NOT_BILLED', 'CUT_OFF') then 'no-difference'
                         when %5$s then 'accepted-before'
                         when is_of_fee and amount <> 0 and %6$s then 'fee-accepted-elsewhere'
                         when kind in %8$s and %7$s then 'line-accepted-elsewhere'
                         when is_of_fee and charge_status is distinct from 'CHARGED' and charge_status is distinct from 'REFUNDED' then 'fee-open'
                         when is_of_fee and kind <> 'MISSING_IN_STATEMENT' and fee_currency <> bill_currency then 'currencies-differ'
                    end as refusal
                from adjusted f
            )""".formatted(
                    NET.formatted("charge_status", "fee_amount"),
                    NET.formatted("theirs_status", "theirs_amount"),
                    NET.formatted("theirs_status", "fee_amount"),
                    OF_FEE,
                    STANDS.formatted("a.difference_id = f.id"),
                    STANDS.formatted("a.session_id = f.session_id and a.session_id is not null and a.kind in " + OF_FEE
                            + " and a.amount <> 0 and a.statement_id <> $1"),
                    STANDS.formatted("a.task_no = f.task_no and a.kind in " + OF_LINE),
                    OF_LINE,
                    DifferencesSql.byId("statement_match", "id", "w.id"),
                    DifferencesSql.byId("liveness_session", "id", "m.session_id"),
                    "(select count(*) from (" + OtherBills.line("f.session_id") + ") billed) > 0");

    /** The detail on the audit list; the amount is in minor units. */
    private static final String DETAIL = """
            jsonb_build_object('statement', c.statement_id::text, 'minorAmount', c.amount::text, 'currency', c.currency, 'state', c.state,
                'reason', c.%s)""";

    private static final String ENTRIES = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, of_month, acceptance_id)
            select session_id, 'ADJUSTMENT', task_no, 'VENDOR', %samount, currency, liveness_now(),
                   case when session_id is null then closed_month_of(billed_at) end, id
            from %s where posted_at is not null order by id""";

    /** $1 statement, $2 differences, for each of which $3 has an id of the acceptance and $4 one of the audit entry. */
    static final String JUDGE =
            "with " + STANDING + ", " + JUDGED + " select id, refusal, entry, acceptance from judged";

    /**
     * As {@link #JUDGE}; $5 why, $6 who, $7 key, $8 what the key is for, $9 and $10 above what a second person confirms, $11 and $12
     * issuer and subject of the person. Returns how many were accepted: all or none. Sessions are locked in one order, so that two requests
     * cannot deadlock.
     */
    static final String ACCEPT = """
            with %s, %s, alone as materialized (
                select accepted_alone(id, $11, $12) as amount from standing
            ), all_right as (
                select j.*, j.amount <> 0
                    and (j.currency <> $10 or sum(abs(j.amount)) over () + alone.amount > $9::bigint) as needs_two
                from judged j cross join alone
                where (select count(*) filter (where refusal is null) = cardinality($2::uuid[]) from judged)
            ), accepted as (
                insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, task_no, billed_at, state, amount,
                    currency, reason, accepted_by, accepted_iss, accepted_sub, accepted_at, posted_at)
                select acceptance, id, $1, kind, session_id, task_no, theirs_at, case when needs_two then 'PROPOSED' else 'ACCEPTED' end,
                    amount, currency, $5, $6, $11, $12, liveness_now(), case when amount <> 0 and not needs_two then liveness_now() end
                from all_right
                order by session_id, id
                returning *
            ), request as (
                select $6::text as caller, $7::text as idempotency_key, $8::text as subject, 'ACCEPT' as act
                where (select count(*) from accepted) > 0
            ), used as (
                %s
            ), entries as (
                %s
            ), act as (
                select r.entry as id, $6::text as who, '%s' as what, difference_id::text as subject, %s as detail
                from accepted c join all_right r on r.acceptance = c.id
            ), audited as (
                %s
            )
            select count(*) from accepted
            """.formatted(
                    STANDING,
                    JUDGED,
                    UsedKeys.usedBy("request"),
                    ENTRIES.formatted("", "accepted"),
                    AuditedAct.DIFFERENCE_ACCEPTED.code(),
                    DETAIL.formatted("reason"),
                    Audit.entriesFrom("act"));

    /**
     * $1 statement, $2 difference, $3 who, $4 key, $5 what the key is for, $6 id of the audit entry, $7 and $8 issuer and subject of the
     * person, $9 whether it is a person.
     */
    static final String CONFIRM =
            """
            with %s, changed as (
                update statement_acceptance a
                set state = 'ACCEPTED', confirmed_by = $3, confirmed_iss = $7, confirmed_sub = $8, confirmed_at = liveness_now(),
                    posted_at = liveness_now()
                where a.statement_id = (select id from standing) and a.difference_id = $2 and a.state = 'PROPOSED'
                  and $9::boolean and (a.accepted_iss, a.accepted_sub) <> ($7, $8)
                returning a.*
            ), %s
            """.formatted(STANDING, change("CONFIRM", "", AuditedAct.DIFFERENCE_CONFIRMED, "reason"));

    /** $1 to $6 as {@link #CONFIRM}, $7 why. A proposal has no entry to be undone. */
    static final String UNACCEPT =
            """
            with %s, changed as (
                update statement_acceptance a
                set state = 'UNDONE', undone_by = $3, undone_at = liveness_now(), undone_reason = $7
                where a.statement_id = (select id from standing) and a.difference_id = $2 and a.state in ('PROPOSED', 'ACCEPTED')
                returning a.*
            ), %s
            """.formatted(STANDING, change("UNACCEPT", "-", AuditedAct.DIFFERENCE_UNACCEPTED, "undone_reason"));

    private static String change(String act, String sign, AuditedAct audited, String reason) {
        return """
                request as (
                    select $3::text as caller, $4::text as idempotency_key, $5::text as subject, '%s' as act
                    where (select count(*) from changed) > 0
                ), used as (
                    %s
                ), entries as (
                    %s
                ), act as (
                    select $6::uuid as id, $3::text as who, '%s' as what, difference_id::text as subject, %s as detail from changed c
                ), audited as (
                    %s
                )
                select count(*) from changed""".formatted(
                        act,
                        UsedKeys.usedBy("request"),
                        ENTRIES.formatted(sign, "changed"),
                        audited.code(),
                        DETAIL.formatted(reason),
                        Audit.entriesFrom("act"));
    }

    /** Whether a statement counts, and how a difference of it stands: $1 statement, $2 difference. */
    static final String STATE = """
            select t.status = 'DONE' and not t.dry_run, a.state
            from (select * from statement where id = $1 and status <> 'RECEIVING' limit 1) t
            cross join lateral (%s) m
            left join lateral (
                select state from statement_acceptance where difference_id = $2 and state <> 'UNDONE' limit 1) a on true
            where m.statement_id = t.id
            """.formatted(DifferencesSql.byId("statement_match", "id", "$2"));

    /** $1 statement, $2 difference, $3 note, $4 assignee, $5 who. */
    static final String NOTE = """
            with %s
            insert into difference_note (difference_id, statement_id, note, assignee, set_by, set_at)
            select m.id, m.statement_id, $3, $4, $5, liveness_now()
            from standing t cross join lateral (%s) m
            where m.statement_id = t.id and m.kind not in ('MATCHED', 'NOT_BILLED', 'CUT_OFF')
            on conflict (difference_id) do update
                set note = excluded.note, assignee = excluded.assignee, set_by = excluded.set_by, set_at = excluded.set_at
            """.formatted(STANDING, DifferencesSql.byId("statement_match", "id", "$2"));

    private WorkSql() {}
}
