package io.liveness.gateway.bill.work;

import static io.liveness.gateway.bill.StatementProblem.refuseWhen;

import io.liveness.gateway.bill.StatementProblem;
import io.liveness.gateway.bill.work.KeyedWork.Bill;
import io.liveness.gateway.bill.work.KeyedWork.Request;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
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

    static final int REASONS = 200;

    /**
     * What the acceptance of each difference adds to the ledger, and what stands in its way. {@code STATUS_DIFFERS} corrects our amount by
     * the bill's status, {@code AMOUNT_DIFFERS} the rest: their sum is what the bill says. A fee is taken as it is now, which is for good
     * once it has ended. A fee that another bill has is not missing. The first line of a fee is no duplicate once no other bill charges
     * that. A line of 预扣 by itself charges nothing: the vendor returns by itself what does not become a charge (vendor document, 计费说明).
     */
    static final String JUDGED = """
            with mine as (
                select id, currency, sha256, supersedes from statement where id = ?
            ), found as (
                select m.id as difference_id, m.kind, m.session_id, m.task_no, m.theirs_at, s.charge_status, s.fee_currency, mine.currency,
                       m.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS') as is_of_fee,
                       case s.charge_status when 'REFUNDED' then 0 else s.fee_amount end as ours,
                       case when b.is_returned then 0 else s.fee_amount end as ours_by_their_status,
                       case when b.is_returned or m.theirs_status = 'PRE_DEDUCTED'
                                 and m.kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS', 'DUPLICATE_LINE') then 0
                            else coalesce(m.theirs_amount, 0) end as theirs,
                       m.session_id is not null and not exists (
                           select from statement_match x
                           where x.statement_id = mine.id and x.session_id = m.session_id and x.line < m.line
                             and x.kind <> 'UNREADABLE_LINE') as is_first_line,
                       m.kind in ('MISSING_IN_STATEMENT', 'DUPLICATE_LINE') and exists (
                           select from statement_match x join statement t on t.id = x.statement_id
                           where x.session_id = m.session_id and x.line is not null
                             and x.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                             and (m.kind = 'MISSING_IN_STATEMENT' or x.theirs_status = 'CHARGED')
                             and t.id <> mine.id and t.in_effect and t.sha256 <> mine.sha256
                             and t.id is distinct from mine.supersedes) as on_another_bill
                from mine
                join statement_match m on m.id = any (?) and m.statement_id = mine.id
                left join liveness_session s on s.id = m.session_id
                cross join lateral (
                    select coalesce(m.theirs_status = 'REFUNDED'
                                    or m.theirs_status = 'PRE_DEDUCTED' and s.charge_status = 'REFUNDED', false) as is_returned) b
            ), adjusted as (
                select f.*,
                       case when kind = 'MISSING_IN_STATEMENT' then case when on_another_bill then 0 else -ours end
                            when kind in ('MISSING_IN_LEDGER', 'AMBIGUOUS', 'DUPLICATE_LINE') then theirs
                            when kind = 'STATUS_DIFFERS' then ours_by_their_status - ours
                            when kind = 'AMOUNT_DIFFERS' then theirs - ours_by_their_status
                            else 0 end as amount
                from found f
            ), judged as (
                select f.*,
                       case when kind in ('MATCHED', 'NOT_BILLED', 'CUT_OFF')
                                 or kind = 'DUPLICATE_LINE' and is_first_line and not on_another_bill then 'no-difference'
                            when exists (select from statement_acceptance a
                                         where a.difference_id = f.difference_id and a.state <> 'UNDONE') then 'accepted-before'
                            when is_of_fee and (amount <> 0 or kind <> 'MISSING_IN_STATEMENT')
                                 and exists (select from statement_acceptance a
                                             where a.session_id = f.session_id and a.state <> 'UNDONE' and a.amount <> 0
                                               and a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                                               and a.statement_id <> (select id from mine)) then 'fee-accepted-elsewhere'
                            when is_of_fee and coalesce(charge_status, '') not in ('CHARGED', 'REFUNDED') then 'fee-open'
                            when is_of_fee and fee_currency <> currency then 'currencies-differ'
                       end as refusal
                from adjusted f
            )
            """;

    /** When a second person confirms an adjustment. */
    @ConfigMapping(prefix = "liveness.finance")
    interface FourEyes {

        /**
         * What a person accepts of a statement beyond this, or in another currency,
         * <a href="docs/finance.md#differences">a second one confirms</a>.
         */
        @WithDefault("100.00 CNY")
        Money fourEyesAbove();
    }

    private final KeyedWork keyed;
    private final Money above;

    AcceptDifferences(KeyedWork keyed, FourEyes config) {
        this.keyed = keyed;
        this.above = config.fourEyesAbove();
    }

    /** Which differences of a statement; all of them are worked or none. */
    @FunctionalInterface
    interface Which {

        /** @throws ProblemException when these are not there */
        List<UUID> of(Connection connection, Bill bill) throws SQLException;

        static Which these(List<UUID> differences) {
            return (connection, bill) -> {
                bill.require(connection, differences);
                return differences;
            };
        }

        /** All that a filter fits. @param count how many the caller expects */
        static Which fitting(DifferenceFilter filter, int count) {
            return (connection, bill) -> {
                List<UUID> fitting =
                        ListDifferences.ids(connection, bill.id(), filter, Optional.empty(), MOST_FITTING + 1);
                bill.requireItCounts(fitting.stream().findFirst().orElse(bill.id()));
                if (count > MOST_FITTING || fitting.size() > MOST_FITTING) {
                    throw ProblemException.invalid(
                            "count",
                            "too-many-fit",
                            Map.of("most", String.valueOf(MOST_FITTING)),
                            "must be at most " + MOST_FITTING + ", and more fit: choose one kind or assignee");
                }
                if (fitting.size() != count) {
                    throw ProblemException.invalid(
                            "count",
                            "other-number-fits",
                            Map.of("count", String.valueOf(fitting.size())),
                            fitting.size() + " differences fit now: read them again, and send their number");
                }
                return fitting;
            };
        }
    }

    /** @return whether an earlier request with the same key has done it */
    boolean accept(Request request, Which which, String reason) {
        return keyed.once(request, Act.ACCEPT, (bill, connection) -> {
            List<UUID> differences = which.of(connection, bill);
            List<UUID> acceptances = newIds(differences.size());
            Array ids = uuids(connection, differences);
            lockFees(connection, ids);
            refuse(
                    connection,
                    JUDGED
                            + "select difference_id, refusal from judged where refusal is not null order by difference_id limit ?",
                    bill.id(),
                    ids,
                    REASONS);
            Sql.execute(
                    connection,
                    JUDGED + """
                    , counted as (
                        select j.*, j.amount <> 0 and (j.currency <> ? or sum(abs(j.amount)) over () + alone.amount > ?) as needs_two
                        from judged j
                        cross join (
                            select coalesce(sum(abs(amount)), 0) as amount from statement_acceptance
                            where statement_id = ? and accepted_iss = ? and accepted_sub = ? and state = 'ACCEPTED'
                              and confirmed_at is null and amount <> 0) alone
                    )
                    insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, task_no, billed_at, state, amount,
                        currency, reason, accepted_by, accepted_iss, accepted_sub, accepted_at, posted_at)
                    select acceptance_id, difference_id, ?, kind, session_id, task_no, theirs_at,
                           case when needs_two then 'PROPOSED' else 'ACCEPTED' end, amount, currency, ?, ?, ?, ?, liveness_now(),
                           case when amount <> 0 and not needs_two then liveness_now() end
                    from counted
                    join unnest(?::uuid[], ?::uuid[]) w (difference_id, acceptance_id) using (difference_id)
                    order by session_id, difference_id
                    """,
                    bill.id(),
                    ids,
                    above.currency(),
                    above.units(),
                    bill.id(),
                    request.subject().issuer(),
                    request.subject().name(),
                    bill.id(),
                    reason,
                    request.by(),
                    request.subject().issuer(),
                    request.subject().name(),
                    ids,
                    uuids(connection, acceptances));
            post(connection, acceptances);
            audit(connection, acceptances, request.by(), AuditedAct.DIFFERENCE_ACCEPTED);
            return acceptances.size();
        });
    }

    /** What changes these fees, or corrects them by another statement, waits: what is judged then stays so. */
    static void lockFees(Connection connection, Array differences) throws SQLException {
        Sql.list(connection, """
                select s.id from liveness_session s
                where s.id in (select session_id from statement_match where id = any (?)) order by s.id for no key update
                """, row -> row.getObject("id"), differences);
    }

    /** Confirms proposals of other persons that add what they would add now; as {@link #accept}. */
    boolean confirm(Request request, Which which) {
        return keyed.once(request, Act.CONFIRM, (bill, connection) -> {
            Array differences = uuids(connection, which.of(connection, bill));
            refuse(
                    connection,
                    """
                    select w.difference_id, case when a.id is null then 'not-proposed' when not ? then 'not-a-person' else 'own-proposal' end as refusal
                    from unnest(?::uuid[]) w (difference_id)
                    left join statement_acceptance a on a.difference_id = w.difference_id and a.state = 'PROPOSED' and a.statement_id = ?
                    where a.id is null or not ? or (a.accepted_iss, a.accepted_sub) = (?, ?)
                    order by w.difference_id limit ?
                    """,
                    request.subject().isPerson(),
                    differences,
                    bill.id(),
                    request.subject().isPerson(),
                    request.subject().issuer(),
                    request.subject().name(),
                    REASONS);
            lockFees(connection, differences);
            refuse(connection, JUDGED + """
                    select difference_id, coalesce(nullif(refusal, 'accepted-before'), 'adds-otherwise') as refusal
                    from judged join statement_acceptance a using (difference_id)
                    where a.state = 'PROPOSED' and (refusal <> 'accepted-before' or judged.amount <> a.amount)
                    order by difference_id limit ?
                    """, bill.id(), differences, REASONS);
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
                    differences);
            post(connection, confirmed);
            audit(connection, confirmed, request.by(), AuditedAct.DIFFERENCE_CONFIRMED);
            return confirmed.size();
        });
    }

    /** @throws ProblemException when the query answers reasons */
    static void refuse(Connection connection, String sql, Object... parameters) throws SQLException {
        List<Problem.Reason> reasons = Sql.list(
                connection,
                sql,
                row -> StatementProblem.reason(row.getObject("difference_id", UUID.class), row.getString("refusal")),
                parameters);
        if (!reasons.isEmpty()) {
            throw StatementProblem.refused(reasons);
        }
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
                    .orElseThrow(() -> StatementProblem.refused(difference, "not-accepted"));
            if (standing.confirmed() && !standing.proposed()) {
                Sql.execute(
                        connection,
                        "update statement_acceptance set undoing_by = ?, undoing_iss = ?, undoing_sub = ?, undone_reason = ? where id = ?",
                        request.by(),
                        request.subject().issuer(),
                        request.subject().name(),
                        reason,
                        standing.acceptance());
                audit(
                        connection,
                        List.of(standing.acceptance()),
                        request.by(),
                        AuditedAct.DIFFERENCE_UNACCEPT_PROPOSED);
                return 1;
            }
            refuseWhen(standing.confirmed() && standing.ownProposal(), difference, "own-proposal");
            boolean isAnother = request.subject().isPerson() && mayConfirm;
            refuseWhen(standing.confirmed() && !isAnother, difference, "not-a-person");
            return undo(connection, request, uuids(connection, List.of(difference)), reason)
                    .size();
        });
    }

    /** Undoes what stands of differences. @return their acceptances */
    static List<UUID> undo(Connection connection, Request request, Array differences, String reason)
            throws SQLException {
        List<UUID> undone = Sql.list(
                connection,
                """
                update statement_acceptance
                set state = 'UNDONE', undone_by = ?, undone_at = liveness_now(), undone_reason = ?
                where statement_id = ? and difference_id = any (?) and state <> 'UNDONE'
                returning id
                """,
                row -> row.getObject("id", UUID.class),
                request.by(),
                reason,
                request.statement(),
                differences);
        post(connection, undone);
        audit(connection, undone, request.by(), AuditedAct.DIFFERENCE_UNACCEPTED);
        return undone;
    }

    /** Enters the adjustments of acceptances in the ledger, or their counter-entries. */
    static void post(Connection connection, List<UUID> acceptances) throws SQLException {
        Sql.execute(connection, """
                insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, acceptance_id)
                select session_id, 'ADJUSTMENT', task_no, 'VENDOR', case state when 'UNDONE' then -amount else amount end, currency,
                       liveness_now(), id
                from statement_acceptance
                where id = any (?) and posted_at is not null order by id
                """, uuids(connection, acceptances));
    }

    /** The amounts are in minor units. */
    static void audit(Connection connection, List<UUID> acceptances, String by, AuditedAct act) throws SQLException {
        Sql.execute(
                connection,
                """
                insert into audit_entry (id, at, who, what, subject, detail)
                select w.entry, liveness_now(), ?, ?, a.difference_id::text,
                       jsonb_build_object('statement', a.statement_id::text, 'minorAmount', minor_units(a.amount), 'currency', a.currency,
                           'state', a.state, 'reason', coalesce(a.undone_reason, a.reason))
                from unnest(?::uuid[], ?::uuid[]) w (acceptance, entry) join statement_acceptance a on a.id = w.acceptance
                """,
                by,
                act.code(),
                uuids(connection, acceptances),
                uuids(connection, newIds(acceptances.size())));
    }

    static List<UUID> newIds(int count) {
        return Stream.generate(Audit::newId).limit(count).toList();
    }

    static Array uuids(Connection connection, List<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }
}
