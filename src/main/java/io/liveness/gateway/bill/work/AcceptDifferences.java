package io.liveness.gateway.bill.work;

import static io.liveness.gateway.bill.StatementProblem.refuseWhen;

import io.liveness.gateway.bill.Invoice;
import io.liveness.gateway.bill.StatementProblem;
import io.liveness.gateway.bill.work.Difference.Refusal;
import io.liveness.gateway.bill.work.DifferenceFilter.WorkState;
import io.liveness.gateway.bill.work.KeyedWork.Bill;
import io.liveness.gateway.bill.work.KeyedWork.Request;
import io.liveness.gateway.books.Approvals;
import io.liveness.gateway.books.Ledger;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Person;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
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
    private static final int MOST_FITTING = 100_000;

    private static final int REASONS = 200;

    /** What acceptances of one request have in common. */
    private record Common(Bill bill, Request request, String reason) {}

    private static final Records<Common> COMMON = new Records<Common>()
            .with("currency", "text", common -> common.bill().currency())
            .with("reason", "text", Common::reason)
            .with("accepted_by", "text", common -> common.request().by().name())
            .with(
                    "accepted_person",
                    "jsonb",
                    common -> common.request().by().person().map(Person::json));

    /** Arrays, since there may be {@link #MOST_FITTING}. */
    private static final String STORE = """
            insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, task_no, billed_at, state, amount,
                waived, accepted_at, posted_at, """ + COMMON.columns() + """
            )
            select a.id, m.id, m.statement_id, m.kind, m.session_id, m.task_no, m.theirs_at, a.state, a.amount, a.waived,
                   liveness_now(), case when a.amount <> 0 and a.state = 'ACCEPTED' then liveness_now() end, common.*
            from
            """ + COMMON.fromOne("?", "common") + """

            cross join unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::text[]) a (id, difference_id, amount, waived, state)
            join statement_match m on m.id = a.difference_id
            order by m.session_id, m.id
            """;

    /**
     * What a person, or all services together, may accept alone yet of the months of a statement: over all statements of these months. A
     * statement is of the months of its lines, and of the period that its import states: a stated period makes no limit of its own.
     */
    private static final String LEFT = """
            with span as (
                select id, date_trunc('month', least(begins, ends, first_at) at time zone ?) as first_month,
                       date_trunc('month', greatest(begins, ends - interval '1 microsecond', last_at) at time zone ?) as last_month
                from statement where in_effect
            )
            select ? - coalesce(sum(greatest(abs(a.amount), a.waived)), 0) as units
            from span bill
            join span one on one.first_month <= bill.last_month and one.last_month >= bill.first_month
            join statement_acceptance a on a.statement_id = one.id
            where bill.id = ? and (a.accepted_person - 'name') is not distinct from (?::jsonb - 'name') and a.state = 'ACCEPTED'
              and a.confirmed_at is null and (a.amount <> 0 or a.waived <> 0)
            """;

    private final KeyedWork keyed;
    private final Money above;
    private final String zone;

    AcceptDifferences(KeyedWork keyed, Approvals approvals, Prices prices) {
        this.keyed = keyed;
        this.above = approvals.acceptanceAbove();
        this.zone = prices.zone().getId();
    }

    /** The differences of a statement that are worked together; all of them are worked or none. */
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

    /**
     * What is accepted of a difference.
     *
     * @param amount that it adds to the ledger
     * @param waived that the bill says and the ledger does not get; empty when nobody knows it
     */
    private record Acceptance(UUID id, UUID difference, long amount, Optional<Long> waived) {

        /** What counts against the limit of four eyes. */
        private long weight() {
            return Math.max(Math.abs(amount), waived.orElse(0L));
        }

        private boolean isOfNothing() {
            return amount == 0 && waived.equals(Optional.of(0L));
        }
    }

    /**
     * Accepts differences.
     *
     * @param waived what an unreadable line charges, where a person can read it; as the API tells amounts
     * @return whether an earlier request with the same key has done it
     */
    boolean accept(Request request, Which which, Optional<String> waived, String reason) {
        return keyed.once(
                request, Act.ACCEPT, (bill, connection) -> accept(connection, bill, request, which, waived, reason));
    }

    private int accept(
            Connection connection, Bill bill, Request request, Which which, Optional<String> waived, String reason)
            throws SQLException {
        // ALONE of V1__platform.sql: of two acceptances at once by one person the second one counts the first.
        Sql.first(
                connection,
                "select pg_advisory_xact_lock(hashtextextended(coalesce(?::jsonb - 'name', '{}')::text, 2))",
                row -> true,
                request.by().storedPerson());
        List<Acceptance> accepted = judge(
                connection,
                bill,
                which.of(connection, bill),
                waived.map(given ->
                        Invoice.amount("waived", given, bill.currency()).units()));
        WorkState posting =
                needsTwo(connection, bill, request.by(), accepted) ? WorkState.PROPOSED : WorkState.ACCEPTED;
        store(connection, bill, accepted, posting, request, reason);
        List<UUID> ids = accepted.stream().map(Acceptance::id).toList();
        post(connection, ids);
        audit(connection, ids, request.by(), AuditedAct.DIFFERENCE_ACCEPTED);
        return accepted.size();
    }

    private static List<Acceptance> judge(
            Connection connection, Bill bill, List<UUID> differences, Optional<Long> waived) throws SQLException {
        lockFees(connection, differences);
        List<Acceptance> accepted = new ArrayList<>(differences.size());
        Refusals refusals = new Refusals();
        ReadDifferences.each(connection, bill.id(), differences, difference -> {
            difference.refusal().ifPresent(refusal -> refusals.add(difference.id(), refusal));
            if (waived.isPresent() && difference.waives().isPresent()) {
                throw ProblemException.invalid("waived", "is only for an unreadable line whose amount cannot be read");
            }
            accepted.add(new Acceptance(
                    Audit.newId(),
                    difference.id(),
                    difference.adds(),
                    difference.waives().or(() -> waived)));
        });
        refusals.refuse();
        return accepted;
    }

    /** Whether the person, or all services together, have posted too much of the month with these to do it alone. */
    private boolean needsTwo(Connection connection, Bill bill, Actor by, List<Acceptance> accepted)
            throws SQLException {
        boolean isUnknown = accepted.stream().anyMatch(one -> one.waived().isEmpty());
        if (isUnknown || !bill.currency().equals(above.currency())) {
            return true;
        }
        long left = Sql.first(
                        connection,
                        LEFT,
                        row -> row.getLong("units"),
                        zone,
                        zone,
                        above.units(),
                        bill.id(),
                        by.storedPerson())
                .orElseThrow();
        // Stops before the sum of large ones is too large for a number.
        Iterator<Acceptance> others = accepted.iterator();
        while (left >= 0 && others.hasNext()) {
            left -= others.next().weight();
        }
        return left < 0;
    }

    /** @param posting the state of those that add something */
    private static void store(
            Connection connection,
            Bill bill,
            List<Acceptance> accepted,
            WorkState posting,
            Request request,
            String reason)
            throws SQLException {
        Sql.execute(
                connection,
                STORE,
                COMMON.of(new Common(bill, request, reason)).encode(),
                Sql.array(connection, "uuid", UUID[]::new, accepted, Acceptance::id),
                Sql.array(connection, "uuid", UUID[]::new, accepted, Acceptance::difference),
                Sql.array(connection, "bigint", Long[]::new, accepted, Acceptance::amount),
                Sql.array(
                        connection,
                        "bigint",
                        Long[]::new,
                        accepted,
                        one -> one.waived().orElse(null)),
                Sql.array(
                        connection,
                        "text",
                        String[]::new,
                        accepted,
                        one -> (one.isOfNothing() ? WorkState.ACCEPTED : posting).name()));
    }

    /** What changes these fees, or corrects them by another statement, waits: what is judged then stays so. */
    private static void lockFees(Connection connection, Collection<UUID> differences) throws SQLException {
        Sql.first(
                connection,
                "select lock_sessions(array(select session_id from statement_match where id = any (?)))",
                row -> true,
                connection.createArrayOf("uuid", differences.toArray()));
    }

    /** Confirms proposals of other persons that add what they would add now; as {@link #accept}. */
    boolean confirm(Request request, Which which) {
        return keyed.once(request, Act.CONFIRM, (bill, connection) -> {
            List<UUID> proposals = which.of(connection, bill);
            boolean isPerson = request.by().person().isPresent();
            Array differences = uuids(connection, proposals);
            refuse(
                    connection,
                    """
                    select w.difference_id, case when a.id is null then 'not-proposed' when not ? then 'not-a-person' else 'own-proposal' end as refusal
                    from unnest(?::uuid[]) w (difference_id)
                    left join statement_acceptance a on a.difference_id = w.difference_id and a.state = 'PROPOSED' and a.statement_id = ?
                    where a.id is null or not ? or is_same_actor(a.accepted_by, a.accepted_person, ?, ?::jsonb)
                    order by w.difference_id limit ?
                    """,
                    isPerson,
                    differences,
                    bill.id(),
                    isPerson,
                    request.by().name(),
                    request.by().storedPerson(),
                    REASONS);
            lockFees(connection, proposals);
            Refusals refusals = new Refusals();
            ReadDifferences.each(
                    connection,
                    bill.id(),
                    proposals,
                    difference -> difference
                            .refusalOfConfirmation()
                            .ifPresent(refusal -> refusals.add(difference.id(), refusal)));
            refusals.refuse();
            List<UUID> confirmed = Sql.list(
                    connection,
                    """
                    update statement_acceptance a
                    set state = 'ACCEPTED', confirmed_by = ?, confirmed_person = ?::jsonb, confirmed_at = liveness_now(),
                        posted_at = case when amount <> 0 then liveness_now() end
                    where a.statement_id = ? and a.difference_id = any (?) and a.state = 'PROPOSED'
                    returning a.id
                    """,
                    row -> row.getObject("id", UUID.class),
                    request.by().name(),
                    request.by().storedPerson(),
                    bill.id(),
                    differences);
            post(connection, confirmed);
            audit(connection, confirmed, request.by(), AuditedAct.DIFFERENCE_CONFIRMED);
            return confirmed.size();
        });
    }

    /** Why differences are not worked: the first reasons. */
    private static final class Refusals {

        private final List<Problem.Reason> reasons = new ArrayList<>();

        void add(UUID difference, Refusal refusal) {
            if (reasons.size() < REASONS) {
                reasons.add(StatementProblem.reason(difference, refusal.code()));
            }
        }

        /** @throws ProblemException when there are any */
        void refuse() {
            if (!reasons.isEmpty()) {
                throw StatementProblem.refused(reasons);
            }
        }
    }

    /** @throws ProblemException when the query answers reasons */
    private static void refuse(Connection connection, String sql, Object... parameters) throws SQLException {
        List<Problem.Reason> reasons = Sql.list(
                connection,
                sql,
                row -> StatementProblem.reason(row.getObject("difference_id", UUID.class), row.getString("refusal")),
                parameters);
        if (!reasons.isEmpty()) {
            throw StatementProblem.refused(reasons);
        }
    }

    /**
     * An acceptance.
     *
     * @param proposedBy who has proposed to take it back
     * @param own whether this one has
     */
    private record Standing(UUID id, boolean confirmed, Optional<String> proposedBy, boolean own) {}

    private static Standing standing(Connection connection, Bill bill, Request request, UUID difference)
            throws SQLException {
        bill.require(connection, List.of(difference));
        return Sql.first(
                        connection,
                        """
                        select id, confirmed_at is not null as confirmed, undoing_by,
                               undoing_by is not null and is_same_actor(undoing_by, undoing_person, ?, ?::jsonb) as own
                        from statement_acceptance where difference_id = ? and state <> 'UNDONE'
                        """,
                        row -> new Standing(
                                row.getObject("id", UUID.class),
                                row.getBoolean("confirmed"),
                                Optional.ofNullable(row.getString("undoing_by")),
                                row.getBoolean("own")),
                        request.by().name(),
                        request.by().storedPerson(),
                        difference)
                .orElseThrow(() -> StatementProblem.refused(difference, "not-accepted"));
    }

    /**
     * Takes an acceptance or a proposal back, by a counter-entry where there is an adjustment. What a second person has confirmed is taken
     * back by two: the first request proposes that, one of another person does it. As {@link #accept}.
     *
     * @param proposedBy whose proposal the request carries out
     */
    boolean unaccept(Request request, UUID difference, Optional<String> proposedBy, String reason, boolean mayConfirm) {
        return keyed.once(request, Act.UNACCEPT, (bill, connection) -> {
            Standing standing = standing(connection, bill, request, difference);
            refuseWhen(standing.own(), difference, "own-proposal");
            boolean isAnother = request.by().person().isPresent() && mayConfirm;
            refuseWhen(standing.proposedBy().isPresent() && !isAnother, difference, "not-a-person");
            StatementProblem.requireNamed(proposedBy, standing.proposedBy());
            List<UUID> acceptance = List.of(standing.id());
            if (standing.confirmed() && proposedBy.isEmpty()) {
                Sql.execute(
                        connection,
                        "update statement_acceptance set undoing_by = ?, undoing_person = ?::jsonb, undone_reason = ? where id = ?",
                        request.by().name(),
                        request.by().storedPerson(),
                        reason,
                        standing.id());
                audit(connection, acceptance, request.by(), AuditedAct.DIFFERENCE_UNACCEPT_PROPOSED);
                return 1;
            }
            Sql.execute(connection, """
                    update statement_acceptance
                    set state = 'UNDONE', undone_by = ?, undone_person = ?::jsonb, undone_at = liveness_now(), undone_reason = ?
                    where id = ?
                    """, request.by().name(), request.by().storedPerson(), reason, standing.id());
            post(connection, acceptance);
            audit(connection, acceptance, request.by(), AuditedAct.DIFFERENCE_UNACCEPTED);
            return 1;
        });
    }

    /** Declines a proposal to take an acceptance back: for who has made it, or may carry it out. As {@link #accept}. */
    boolean decline(Request request, UUID difference, boolean mayConfirm) {
        return keyed.once(request, Act.DECLINE, (bill, connection) -> {
            Standing standing = standing(connection, bill, request, difference);
            refuseWhen(standing.proposedBy().isEmpty(), difference, "not-proposed");
            boolean isAnother = request.by().person().isPresent() && mayConfirm;
            refuseWhen(!standing.own() && !isAnother, difference, "not-a-person");
            // The entry is written before the reason of the proposal is gone.
            audit(connection, List.of(standing.id()), request.by(), AuditedAct.DIFFERENCE_UNACCEPT_DECLINED);
            return Sql.execute(connection, """
                    update statement_acceptance set undoing_by = null, undoing_person = null, undone_reason = null where id = ?
                    """, standing.id());
        });
    }

    /** Enters the adjustments of acceptances in the ledger, or their counter-entries. */
    private static void post(Connection connection, List<UUID> acceptances) throws SQLException {
        Sql.execute(connection, """
                with adjustment as (
                    select session_id, task_no, case state when 'UNDONE' then -amount else amount end as amount, currency,
                           liveness_now() as recorded_at, id as acceptance_id
                    from statement_acceptance
                    where id = any (?) and posted_at is not null order by id
                )
                """ + Ledger.adjustmentsFrom("adjustment"), uuids(connection, acceptances));
    }

    /** The amounts are in minor units. */
    private static void audit(Connection connection, List<UUID> acceptances, Actor by, AuditedAct act)
            throws SQLException {
        Sql.execute(
                connection,
                """
                with act as (
                    select w.entry as id, ?::text as who, ?::jsonb as person, ?::text as what, a.difference_id::text as subject,
                           jsonb_strip_nulls(jsonb_build_object('statement', a.statement_id::text, 'minorAmount', minor_units(a.amount),
                               'minorWaived', minor_units(nullif(a.waived, 0)), 'currency', a.currency, 'state', a.state,
                               'reason', coalesce(a.undone_reason, a.reason))) as detail
                    from unnest(?::uuid[], ?::uuid[]) w (acceptance, entry) join statement_acceptance a on a.id = w.acceptance
                )
                """ + Audit.entriesFrom("act"),
                by.name(),
                by.storedPerson(),
                act.code(),
                uuids(connection, acceptances),
                uuids(connection, newIds(acceptances.size())));
    }

    private static List<UUID> newIds(int count) {
        return Stream.generate(Audit::newId).limit(count).toList();
    }

    private static Array uuids(Connection connection, List<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }
}
