package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.difference.KeyedWork.Act;
import io.liveness.gateway.statement.difference.KeyedWork.Bill;
import io.liveness.gateway.statement.difference.KeyedWork.Request;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Accepts differences by adjustments of the ledger, confirms what was proposed, and takes acceptances back by counter-entries, see {@code
 * docs/decisions/0047}. Each is one transaction: acceptance, adjustment, key and audit entry are there together or not at all.
 */
@Singleton
class AcceptDifferences {

    /** More would be more than the heap has room for. */
    static final int MOST_FITTING = 100_000;

    private static final int REASONS = 200;

    /**
     * What the acceptance of each difference adds to the ledger, and what stands in its way. {@code STATUS_DIFFERS} corrects our amount by the
     * bill's status, {@code AMOUNT_DIFFERS} the rest: their sum is what the bill says. A fee is taken as it is now, which is for good once it
     * has ended. A fee that another bill has is not missing.
     */
    static final String JUDGED = """
            with mine as (
                select id, currency, sha256, supersedes from statement where id = ?
            ), work as (
                select * from unnest(?::uuid[], ?::uuid[]) w (difference_id, acceptance_id)
            ), found as (
                select w.*, m.kind, m.session_id, m.task_no, m.theirs_at, s.charge_status, s.fee_currency, mine.currency as bill_currency,
                       m.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS') as is_of_fee,
                       case s.charge_status when 'REFUNDED' then 0 else s.fee_amount * 10000 + s.fee_fraction end as ours,
                       case m.theirs_status when 'REFUNDED' then 0 else s.fee_amount * 10000 + s.fee_fraction end as ours_by_their_status,
                       case m.theirs_status when 'REFUNDED' then 0 else coalesce(m.theirs_amount, 0) end as theirs,
                       m.kind = 'MISSING_IN_STATEMENT' and exists (
                           select from statement_match x join statement t on t.id = x.statement_id
                           where x.session_id = m.session_id and x.line is not null
                             and x.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                             and t.id <> mine.id and t.status = 'DONE' and not t.dry_run and t.sha256 <> mine.sha256
                             and t.id is distinct from mine.supersedes) as on_another_bill
                from work w
                cross join mine
                join statement_match m on m.id = w.difference_id and m.statement_id = mine.id
                left join liveness_session s on s.id = m.session_id
            ), adjusted as (
                select f.*,
                       case kind when 'MISSING_IN_STATEMENT' then fee_currency else bill_currency end as currency,
                       case when on_another_bill then 0
                            when kind = 'MISSING_IN_STATEMENT' then -ours
                            when kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS', 'DUPLICATE_LINE') then theirs
                            when kind = 'STATUS_DIFFERS' then ours_by_their_status - ours
                            when kind = 'AMOUNT_DIFFERS' then theirs - ours_by_their_status
                            else 0 end as amount
                from found f
            ), judged as (
                select f.*,
                       case when kind in ('MATCHED', 'NOT_BILLED', 'CUT_OFF') then 'no-difference'
                            when exists (select from statement_acceptance a
                                         where a.difference_id = f.difference_id and a.state <> 'UNDONE') then 'accepted-before'
                            when is_of_fee and amount <> 0
                                 and exists (select from statement_acceptance a
                                             where a.session_id = f.session_id and a.state <> 'UNDONE' and a.amount <> 0
                                               and a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                                               and a.statement_id <> (select id from mine)) then 'fee-accepted-elsewhere'
                            when kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS')
                                 and exists (select from statement_acceptance a
                                             where a.task_no = f.task_no and a.state <> 'UNDONE'
                                               and a.kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS')) then 'line-accepted-elsewhere'
                            when is_of_fee and coalesce(charge_status, '') not in ('CHARGED', 'REFUNDED') then 'fee-open'
                            when is_of_fee and kind <> 'MISSING_IN_STATEMENT' and fee_currency <> bill_currency
                                 then 'currencies-differ'
                       end as refusal
                from adjusted f
            )
            """;

    private final KeyedWork keyed;
    private final FourEyes fourEyes;

    AcceptDifferences(KeyedWork keyed, FourEyes fourEyes) {
        this.keyed = keyed;
        this.fourEyes = fourEyes;
    }

    /**
     * Accepts all of them or none.
     *
     * @return whether an earlier request with the same key has done it
     */
    boolean accept(Request request, List<UUID> differences, String reason) {
        return keyed.once(request, Act.ACCEPT, (bill, connection) -> {
                    bill.require(connection, differences);
                    return accept(connection, bill, request, differences, reason);
                })
                .isEmpty();
    }

    /**
     * Accepts all open differences that the filter fits, or none.
     *
     * @param count how many the caller expects
     */
    boolean acceptFitting(Request request, DifferenceFilter filter, int count, String reason) {
        return keyed.once(request, Act.ACCEPT, (bill, connection) -> {
                    List<UUID> fitting =
                            ListDifferences.ids(connection, bill.id(), filter, Optional.empty(), MOST_FITTING + 1);
                    requireCount(bill, fitting, count);
                    return accept(connection, bill, request, fitting, reason);
                })
                .isEmpty();
    }

    private static void requireCount(Bill bill, List<UUID> fitting, int count) {
        bill.requireItCounts(fitting.stream().findFirst().orElse(bill.id()));
        if (count > MOST_FITTING || fitting.size() > MOST_FITTING) {
            throw ProblemException.invalid(
                    "count", "must be at most " + MOST_FITTING + ", and more fit: choose one kind or assignee");
        }
        if (fitting.size() != count) {
            throw ProblemException.invalid(
                    "count", fitting.size() + " differences fit now: read them again, and send their number");
        }
    }

    private int accept(Connection connection, Bill bill, Request request, List<UUID> differences, String reason)
            throws SQLException {
        Array ids = connection.createArrayOf("uuid", differences.toArray());
        Array acceptances = newIds(connection, differences.size());
        // What changes these fees, or corrects them by another statement, waits: what is judged below stays so.
        Sql.list(connection, """
                select s.id from liveness_session s
                where s.id in (select session_id from statement_match where id = any (?)) order by s.id for no key update
                """, row -> row.getObject("id"), ids);
        List<Problem.Reason> refusals = Sql.list(
                connection,
                JUDGED
                        + "select difference_id, refusal from judged where refusal is not null order by difference_id limit ?",
                row -> DifferenceProblems.reason(row.getObject("difference_id", UUID.class), row.getString("refusal")),
                bill.id(),
                ids,
                acceptances,
                REASONS);
        if (!refusals.isEmpty()) {
            throw DifferenceProblems.refused(refusals);
        }
        int accepted = Sql.execute(
                connection,
                JUDGED + """
                , counted as (
                    select j.*, j.amount <> 0 and (j.currency <> ? or sum(abs(j.amount)) over () + accepted_alone(?, ?, ?) > ?) as needs_two
                    from judged j
                )
                insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, task_no, billed_at, state, amount,
                    currency, reason, accepted_by, accepted_iss, accepted_sub, accepted_at, posted_at)
                select acceptance_id, difference_id, ?, kind, session_id, task_no, theirs_at,
                       case when needs_two then 'PROPOSED' else 'ACCEPTED' end, amount, currency, ?, ?, ?, ?, liveness_now(),
                       case when amount <> 0 and not needs_two then liveness_now() end
                from counted order by session_id, difference_id
                """,
                bill.id(),
                ids,
                acceptances,
                fourEyes.above().currency(),
                bill.id(),
                request.subject().issuer(),
                request.subject().name(),
                fourEyes.above().units(),
                bill.id(),
                reason,
                request.by(),
                request.subject().issuer(),
                request.subject().name());
        record(connection, acceptances, accepted, request.by(), AuditedAct.DIFFERENCE_ACCEPTED);
        return accepted;
    }

    /** Confirms a proposal of another person; as {@link #accept}. */
    boolean confirm(Request request, UUID difference) {
        return keyed.once(request, Act.CONFIRM, (bill, connection) -> {
                    bill.require(connection, List.of(difference));
                    return confirm(connection, bill, request, List.of(difference));
                })
                .isEmpty();
    }

    /** Confirms all proposals that the filter fits, or none; as {@link #acceptFitting}. */
    boolean confirmFitting(Request request, DifferenceFilter filter, int count) {
        return keyed.once(request, Act.CONFIRM, (bill, connection) -> {
                    List<UUID> fitting =
                            ListDifferences.ids(connection, bill.id(), filter, Optional.empty(), MOST_FITTING + 1);
                    requireCount(bill, fitting, count);
                    return confirm(connection, bill, request, fitting);
                })
                .isEmpty();
    }

    private static int confirm(Connection connection, Bill bill, Request request, List<UUID> differences)
            throws SQLException {
        List<Problem.Reason> refusals = Sql.list(
                connection,
                """
                select w.difference_id, case when a.id is null then 'not-proposed' when not ? then 'not-a-person' else 'own-proposal' end as refusal
                from unnest(?::uuid[]) w (difference_id)
                left join statement_acceptance a on a.difference_id = w.difference_id and a.state = 'PROPOSED' and a.statement_id = ?
                where a.id is null or not ? or (a.accepted_iss, a.accepted_sub) = (?, ?)
                order by w.difference_id limit ?
                """,
                row -> DifferenceProblems.reason(row.getObject("difference_id", UUID.class), row.getString("refusal")),
                request.subject().isPerson(),
                connection.createArrayOf("uuid", differences.toArray()),
                bill.id(),
                request.subject().isPerson(),
                request.subject().issuer(),
                request.subject().name(),
                REASONS);
        if (!refusals.isEmpty()) {
            throw DifferenceProblems.refused(refusals);
        }
        List<UUID> confirmed = Sql.list(
                connection,
                """
                update statement_acceptance a
                set state = 'ACCEPTED', confirmed_by = ?, confirmed_iss = ?, confirmed_sub = ?, confirmed_at = liveness_now(),
                    posted_at = liveness_now()
                where a.statement_id = ? and a.difference_id = any (?) and a.state = 'PROPOSED'
                returning a.id
                """,
                row -> row.getObject("id", UUID.class),
                request.by(),
                request.subject().issuer(),
                request.subject().name(),
                bill.id(),
                connection.createArrayOf("uuid", differences.toArray()));
        record(connection, confirmed, request.by(), AuditedAct.DIFFERENCE_CONFIRMED);
        return confirmed.size();
    }

    /** An acceptance, and the persons that have posted it and want to take it back. */
    private record Standing(UUID acceptance, boolean confirmed, boolean proposed, boolean ownProposal) {}

    /**
     * Takes an acceptance or a proposal back, by a counter-entry where there is an adjustment. What a second person has confirmed is taken
     * back by two: the first request proposes that, one of another person does it. As {@link #accept}.
     */
    boolean unaccept(Request request, UUID difference, String reason, boolean mayConfirm) {
        return keyed.once(request, Act.UNACCEPT, (bill, connection) -> {
                    bill.require(connection, List.of(difference));
                    Standing standing = Sql.first(
                                    connection,
                                    """
                                    select id, confirmed_at is not null as confirmed, undoing_by is not null as proposed,
                                           (undoing_iss, undoing_sub) is not distinct from (?, ?) as own_proposal
                                    from statement_acceptance where difference_id = ? and state <> 'UNDONE'
                                    """,
                                    row -> new Standing(
                                            row.getObject("id", UUID.class),
                                            row.getBoolean("confirmed"),
                                            row.getBoolean("proposed"),
                                            row.getBoolean("own_proposal")),
                                    request.subject().issuer(),
                                    request.subject().name(),
                                    difference)
                            .orElseThrow(() -> DifferenceProblems.refused(difference, "not-accepted"));
                    if (standing.confirmed() && !standing.proposed()) {
                        return proposeToUndo(connection, standing.acceptance(), request, reason);
                    }
                    if (standing.confirmed()) {
                        requireAnotherPerson(standing, request, difference, mayConfirm);
                    }
                    Sql.execute(connection, """
                            update statement_acceptance
                            set state = 'UNDONE', undone_by = ?, undone_at = liveness_now(), undone_reason = ? where id = ?
                            """, request.by(), reason, standing.acceptance());
                    record(connection, List.of(standing.acceptance()), request.by(), AuditedAct.DIFFERENCE_UNACCEPTED);
                    return 1;
                })
                .isEmpty();
    }

    private static int proposeToUndo(Connection connection, UUID acceptance, Request request, String reason)
            throws SQLException {
        Sql.execute(
                connection,
                "update statement_acceptance set undoing_by = ?, undoing_iss = ?, undoing_sub = ?, undone_reason = ? where id = ?",
                request.by(),
                request.subject().issuer(),
                request.subject().name(),
                reason,
                acceptance);
        audit(
                connection,
                connection.createArrayOf("uuid", new Object[] {acceptance}),
                newIds(connection, 1),
                request.by(),
                AuditedAct.DIFFERENCE_UNACCEPT_PROPOSED);
        return 1;
    }

    private static void requireAnotherPerson(Standing standing, Request request, UUID difference, boolean mayConfirm) {
        if (standing.ownProposal()) {
            throw DifferenceProblems.refused(difference, "own-proposal");
        }
        if (!request.subject().isPerson() || !mayConfirm) {
            throw DifferenceProblems.refused(difference, "not-a-person");
        }
    }

    private static void record(Connection connection, List<UUID> acceptances, String by, AuditedAct act)
            throws SQLException {
        record(connection, connection.createArrayOf("uuid", acceptances.toArray()), acceptances.size(), by, act);
    }

    /** Enters the adjustments of acceptances in the ledger, or their counter-entries, and all of it in the audit list. */
    private static void record(Connection connection, Array acceptances, int count, String by, AuditedAct act)
            throws SQLException {
        Sql.execute(connection, """
                insert into ledger_entry (session_id, kind, task_no, basis, amount, fraction, currency, recorded_at, of_month, acceptance_id)
                select session_id, 'ADJUSTMENT', task_no, 'VENDOR', posted.amount / 10000, posted.amount % 10000, currency,
                       liveness_now(), case when session_id is null then closed_month_of(billed_at) end, id
                from statement_acceptance a
                cross join lateral (select case state when 'UNDONE' then -a.amount else a.amount end as amount) posted
                where id = any (?) and posted_at is not null order by id
                """, acceptances);
        audit(connection, acceptances, newIds(connection, count), by, act);
    }

    /** The amounts are in minor units. */
    private static void audit(Connection connection, Array acceptances, Array entries, String by, AuditedAct act)
            throws SQLException {
        Sql.execute(connection, """
                insert into audit_entry (id, at, who, what, subject, detail)
                select w.entry, liveness_now(), ?, ?, a.difference_id::text,
                       jsonb_build_object('statement', a.statement_id::text, 'minorAmount', minor_units(a.amount), 'currency', a.currency,
                           'state', a.state, 'reason', coalesce(a.undone_reason, a.reason))
                from unnest(?::uuid[], ?::uuid[]) w (acceptance, entry) join statement_acceptance a on a.id = w.acceptance
                """, by, act.code(), acceptances, entries);
    }

    private static Array newIds(Connection connection, int count) throws SQLException {
        return connection.createArrayOf(
                "uuid", Stream.generate(Audit::newId).limit(count).toArray());
    }
}
