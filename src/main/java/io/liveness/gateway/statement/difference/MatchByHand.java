package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.difference.KeyedWork.Act;
import io.liveness.gateway.statement.difference.KeyedWork.Bill;
import io.liveness.gateway.statement.difference.KeyedWork.Request;
import io.liveness.gateway.statement.matching.MatchKind;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a line that the matching could not place to a session, and takes that back, see {@code docs/decisions/0049}. Results are replaced, so
 * that no other request uses one that it judged before; the earlier ones are kept.
 */
@Singleton
class MatchByHand {

    private static final String REFUNDED = "REFUNDED";
    private static final String CHARGED = "CHARGED";
    private static final String PRE_DEDUCTED = "PRE_DEDUCTED";

    private final KeyedWork keyed;

    MatchByHand(KeyedWork keyed) {
        this.keyed = keyed;
    }

    /** A line as the matching left it. */
    private record Line(MatchKind kind, String status, long amount, boolean accepted) {}

    /**
     * A fee of our books.
     *
     * @param amount in the units of {@link io.liveness.gateway.billing.Money}
     * @param corrected whether it is adjusted to what another statement says
     * @param billedElsewhere whether another statement that counts has charged it
     */
    private record Fee(
            String status,
            String basis,
            long amount,
            String currency,
            Optional<Instant> ended,
            boolean corrected,
            boolean billedElsewhere) {

        /** A fee may have ended after the statement was made. One in doubt may have been taken, and come back. */
        boolean agrees(String theirs, Instant until) {
            if (status.equals("UNCONFIRMED")) {
                return theirs.equals(PRE_DEDUCTED) || theirs.equals(REFUNDED);
            }
            return theirs.equals(status)
                    || theirs.equals(PRE_DEDUCTED)
                            && ended.filter(at -> !at.isBefore(until)).isPresent();
        }
    }

    /** What a session has in the statement: a line, or the result that it has none. */
    private record Present(UUID id, boolean isLine, boolean accepted) {}

    /** @return whether an earlier request with the same key has done it */
    boolean match(Request request, UUID difference, UUID session, String reason) {
        return keyed.once(request, Act.MATCH, (bill, connection) -> {
                    bill.require(connection, List.of(difference));
                    // Another line of another bill may be matched with it at the same time.
                    Sql.first(
                            connection,
                            "select from liveness_session where id = ? for no key update",
                            row -> true,
                            session);
                    Line line = line(connection, difference);
                    Optional<Fee> fee = fee(connection, bill, session);
                    List<Present> present = present(connection, bill, session);
                    refusal(bill, line, fee, present).ifPresent(why -> {
                        throw DifferenceProblems.refused(difference, why);
                    });
                    UUID hand = Audit.newId();
                    take(connection, hand, bill, difference, session, request.by(), reason);
                    write(connection, hand, bill, line, fee.orElseThrow());
                    count(connection, hand, 1);
                    audit(connection, AuditedAct.DIFFERENCE_MATCHED, request, hand, reason);
                    return 1;
                })
                .isEmpty();
    }

    private static Line line(Connection connection, UUID difference) throws SQLException {
        return Sql.first(
                        connection,
                        """
                        select m.kind, m.theirs_status, m.theirs_amount, exists (
                                   select from statement_acceptance a where a.difference_id = m.id and a.state <> 'UNDONE') as accepted
                        from statement_match m where m.id = ?
                        """,
                        row -> new Line(
                                MatchKind.valueOf(row.getString("kind")),
                                row.getString("theirs_status"),
                                row.getLong("theirs_amount"),
                                row.getBoolean("accepted")),
                        difference)
                .orElseThrow();
    }

    private static Optional<Fee> fee(Connection connection, Bill bill, UUID session) throws SQLException {
        return Sql.first(
                connection,
                """
                with other as (
                    select t.id from statement t join statement mine on mine.id = ?
                    where t.id <> mine.id and t.status = 'DONE' and not t.dry_run and t.sha256 <> mine.sha256
                      and t.id is distinct from mine.supersedes
                )
                select s.charge_status, s.fee_amount * 10000 + s.fee_fraction as fee, s.fee_currency, s.charge_settled_at,
                       (select e.basis from ledger_entry e
                        where e.session_id = s.id
                          and case when s.charge_status in ('CHARGED', 'REFUNDED') then e.kind in ('CHARGE', 'REFUND')
                                   else e.kind = 'PRE_DEDUCT' end) as basis,
                       exists (select from statement_acceptance a
                               where a.session_id = s.id and a.state <> 'UNDONE' and a.amount <> 0
                                 and a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                                 and a.statement_id in (select id from other)) as corrected,
                       exists (select from statement_match x
                               where x.session_id = s.id and x.line is not null and x.theirs_status = 'CHARGED'
                                 and x.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                                 and x.statement_id in (select id from other)) as billed_elsewhere
                from liveness_session s where s.id = ? and s.fee_amount is not null
                """,
                row -> new Fee(
                        row.getString("charge_status"),
                        row.getString("basis"),
                        row.getLong("fee"),
                        row.getString("fee_currency"),
                        Optional.ofNullable(Sql.time(row, "charge_settled_at")),
                        row.getBoolean("corrected"),
                        row.getBoolean("billed_elsewhere")),
                bill.id(),
                session);
    }

    private static List<Present> present(Connection connection, Bill bill, UUID session) throws SQLException {
        return Sql.list(
                connection,
                """
                select m.id, m.line is not null as is_line, exists (
                           select from statement_acceptance a where a.difference_id = m.id and a.state <> 'UNDONE') as accepted
                from statement_match m where m.statement_id = ? and m.session_id = ?
                """,
                row -> new Present(
                        row.getObject("id", UUID.class), row.getBoolean("is_line"), row.getBoolean("accepted")),
                bill.id(),
                session);
    }

    private static Optional<String> refusal(Bill bill, Line line, Optional<Fee> fee, List<Present> present) {
        if (line.accepted()) {
            return Optional.of("accepted-before");
        }
        if (line.kind() != MatchKind.MISSING_IN_LEDGER && line.kind() != MatchKind.AMBIGUOUS) {
            return Optional.of("line-has-a-fee");
        }
        if (fee.isEmpty()) {
            return Optional.of("session-without-fee");
        }
        if (!fee.get().currency().equals(bill.currency())) {
            return Optional.of("currencies-differ");
        }
        if (present.stream().anyMatch(Present::isLine)) {
            return Optional.of("session-matched");
        }
        if (present.stream().anyMatch(Present::accepted)) {
            return Optional.of("session-accepted");
        }
        return line.status().equals(CHARGED) && fee.get().billedElsewhere()
                ? Optional.of("session-billed-elsewhere")
                : Optional.empty();
    }

    /** Takes away the results of the line and of the session, and keeps them with the match by hand. */
    private static void take(
            Connection connection, UUID hand, Bill bill, UUID difference, UUID session, String by, String reason)
            throws SQLException {
        Sql.execute(
                connection,
                """
                with taken as (
                    delete from statement_match
                    where statement_id = ? and (id = ? or session_id = ?) returning *
                )
                insert into match_by_hand (id, difference_id, statement_id, session_id, kind, earlier, reason, matched_by, matched_at)
                select ?, ?, ?, ?, (select kind from taken where id = ?), (select jsonb_agg(to_jsonb(t)) from taken t), ?, ?, liveness_now()
                """,
                bill.id(),
                difference,
                session,
                hand,
                difference,
                bill.id(),
                session,
                difference,
                reason,
                by);
    }

    /** Writes the results that a line with the number of this fee would have: two where amount and status differ. */
    private static void write(Connection connection, UUID hand, Bill bill, Line line, Fee fee) throws SQLException {
        List<MatchKind> kinds = new ArrayList<>();
        if (line.amount() != fee.amount() || fee.corrected()) {
            kinds.add(MatchKind.AMOUNT_DIFFERS);
        }
        if (!fee.agrees(line.status(), bill.until())) {
            kinds.add(MatchKind.STATUS_DIFFERS);
        }
        if (kinds.isEmpty()) {
            kinds.add(MatchKind.MATCHED);
        }
        for (int nth = 0; nth < kinds.size(); nth++) {
            Sql.execute(connection, """
                    insert into statement_match (id, statement_id, kind, line, session_id, task_no, ours_status, ours_basis, ours_amount,
                        ours_currency, ours_at, theirs_status, theirs_amount, theirs_at, presumption, detail)
                    select (left(replace(h.statement_id::text, '-', ''), 22) || lpad(to_hex(l.line::bigint * 4 + ?), 10, '0'))::uuid,
                           h.statement_id, ?, l.line, s.id, l.task_no, s.charge_status, ?,
                           s.fee_amount * 10000 + s.fee_fraction, s.fee_currency, s.init_at, l.theirs_status, l.theirs_amount, l.theirs_at, ?, 'matched by hand'
                    from match_by_hand h
                    cross join jsonb_populate_recordset(null::statement_match, h.earlier) l
                    join liveness_session s on s.id = h.session_id
                    where h.id = ? and l.id = h.difference_id
                    """, nth, kinds.get(nth), fee.basis(), presumption(fee, kinds.get(nth)), hand);
        }
    }

    /** What the bill says of a fee that we presumed. */
    private static Optional<String> presumption(Fee fee, MatchKind kind) {
        if (!"PRESUMED".equals(fee.basis())) {
            return Optional.empty();
        }
        return switch (kind) {
            case MATCHED -> Optional.of("CONFIRMED");
            case STATUS_DIFFERS -> Optional.of("CONTRADICTED");
            default -> Optional.empty();
        };
    }

    /** Changes the numbers of results, with both the results in place and those that are kept. @param sign 1 for a match, -1 to undo it */
    private static void count(Connection connection, UUID hand, int sign) throws SQLException {
        Sql.execute(connection, """
                update statement t
                set counts = counts_changed(t.counts, (
                    select jsonb_agg(jsonb_build_object('kind', kind, 'n', n * ?))
                    from (
                        select l.kind, -1 as n from jsonb_populate_recordset(null::statement_match, h.earlier) l
                        union all
                        select m.kind, 1 from statement_match m where m.statement_id = h.statement_id and m.session_id = h.session_id
                    ) every))
                from match_by_hand h where h.id = ? and t.id = h.statement_id
                """, sign, hand);
    }

    private static void audit(Connection connection, AuditedAct act, Request request, UUID hand, String reason)
            throws SQLException {
        Sql.execute(connection, """
                insert into audit_entry (id, at, who, what, subject, detail)
                select ?, liveness_now(), ?, ?, difference_id::text,
                       jsonb_build_object('statement', statement_id::text, 'sessionId', session_id::text, 'kind', kind, 'reason', ?::text)
                from match_by_hand where id = ?
                """, Audit.newId(), request.by(), act.code(), reason, hand);
    }

    /** As {@link #match}. */
    boolean unmatch(Request request, UUID difference, String reason) {
        return keyed.once(request, Act.UNMATCH, (bill, connection) -> {
                    bill.require(connection, List.of(difference));
                    Hand hand = Sql.first(
                                    connection,
                                    "select id, session_id from match_by_hand where difference_id = ? and undone_at is null",
                                    row -> new Hand(
                                            row.getObject("id", UUID.class), row.getObject("session_id", UUID.class)),
                                    difference)
                            .orElseThrow(() -> DifferenceProblems.refused(difference, "not-matched"));
                    if (present(connection, bill, hand.session()).stream().anyMatch(Present::accepted)) {
                        throw DifferenceProblems.refused(difference, "accepted-before");
                    }
                    count(connection, hand.id(), -1);
                    giveBack(connection, bill, hand, request.by(), reason);
                    audit(connection, AuditedAct.DIFFERENCE_UNMATCHED, request, hand.id(), reason);
                    return 1;
                })
                .isEmpty();
    }

    private record Hand(UUID id, UUID session) {}

    private static void giveBack(Connection connection, Bill bill, Hand hand, String by, String reason)
            throws SQLException {
        Sql.execute(
                connection,
                "update match_by_hand set undone_by = ?, undone_at = liveness_now(), undone_reason = ? where id = ?",
                by,
                reason,
                hand.id());
        Sql.execute(
                connection,
                "delete from statement_match where statement_id = ? and session_id = ?",
                bill.id(),
                hand.session());
        Sql.execute(connection, """
                insert into statement_match
                select l.* from match_by_hand h cross join jsonb_populate_recordset(null::statement_match, h.earlier) l where h.id = ?
                """, hand.id());
    }
}
