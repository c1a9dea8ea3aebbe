package io.liveness.gateway.bill.work;

import static io.liveness.gateway.bill.StatementProblem.refuseWhen;

import io.liveness.gateway.bill.StatementProblem;
import io.liveness.gateway.bill.match.BillLines;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.match.MatchStatement;
import io.liveness.gateway.bill.match.Matcher;
import io.liveness.gateway.bill.match.Matcher.Fee;
import io.liveness.gateway.bill.match.Matcher.MatchResult;
import io.liveness.gateway.bill.match.StoreResults;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.work.KeyedWork.Bill;
import io.liveness.gateway.bill.work.KeyedWork.Request;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.security.Actor;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a line that the matching could not place to a session, and takes that back, see {@code docs/decisions/0047}. The {@link Matcher}
 * judges them. Their results are replaced, and the earlier ones are kept.
 */
@Singleton
class MatchByHand {

    /** A match by hand, as it is stored. */
    private record Made(Hand hand, UUID statement, String reason, Actor by) {}

    private static final Records<Made> MADE = new Records<Made>()
            .with("id", "uuid", made -> made.hand().id())
            .with("difference_id", "uuid", made -> made.hand().difference())
            .with("statement_id", "uuid", Made::statement)
            .with("session_id", "uuid", made -> made.hand().session())
            .with("kind", "text", made -> made.hand().earlier())
            .with("reason", "text", Made::reason)
            .with("matched_by", "text", made -> made.by().name());

    private static final String TAKE = """
            with made as (
                select * from
            """ + MADE.fromOne("?", "m") + """
            ), taken as (
                delete from statement_match
                where statement_id = (select statement_id from made)
                  and (id = (select difference_id from made) or session_id = (select session_id from made))
                returning *
            )
            insert into match_by_hand (""" + MADE.columns() + """
                , earlier, matched_at)
            select made.*, (select jsonb_agg(to_jsonb(t)) from taken t), liveness_now() from made
            """;

    private final KeyedWork keyed;

    MatchByHand(KeyedWork keyed) {
        this.keyed = keyed;
    }

    /** A result of the statement. @param line without a number when the result has none */
    private record Present(UUID id, MatchKind kind, Line line, boolean accepted) {}

    /** A match by hand. @param earlier what the matching had said of the line */
    private record Hand(UUID id, UUID difference, UUID session, MatchKind earlier) {}

    /**
     * Gives a line to a session.
     *
     * @return whether an earlier request with the same key has done it
     */
    boolean match(Request request, UUID difference, UUID session, String reason) {
        return keyed.once(
                request,
                Act.MATCH,
                (bill, connection) -> match(connection, bill, request.by(), difference, session, reason));
    }

    private static int match(Connection connection, Bill bill, Actor by, UUID difference, UUID session, String reason)
            throws SQLException {
        bill.require(connection, List.of(difference));
        // A line of another bill may be matched with the session at the same time.
        Sql.first(connection, "select lock_sessions(array[?])", row -> true, session);
        List<Present> present = present(connection, bill.id(), difference, session);
        Present of = present.stream()
                .filter(result -> result.id().equals(difference))
                .findFirst()
                .orElseThrow();
        refuseWhen(of.accepted(), difference, "accepted-before");
        refuseWhen(
                of.kind() != MatchKind.MISSING_IN_LEDGER && of.kind() != MatchKind.AMBIGUOUS,
                difference,
                "line-has-a-fee");
        Fee fee = MatchStatement.fee(connection, bill.id(), session)
                .orElseThrow(() -> StatementProblem.refused(difference, "session-without-fee"));
        refuseWhen(!fee.currency().equals(bill.currency()), difference, "currencies-differ");
        refuseWhen(
                present.stream()
                        .anyMatch(result -> result != of && result.line().number() > 0),
                difference,
                "session-matched");
        refuseWhen(present.stream().anyMatch(Present::accepted), difference, "session-accepted");
        List<MatchResult> results =
                Matcher.compare(of.line(), fee, bill.currency(), bill.until(), Optional.of(Code.BY_HAND.with()));
        refuseWhen(results.get(0).kind() == MatchKind.DUPLICATE_LINE, difference, "session-billed-elsewhere");
        Hand hand = new Hand(Audit.newId(), difference, session, of.kind());
        take(connection, bill.id(), hand, by, reason);
        StoreResults stored = new StoreResults(connection, bill.id(), lines -> {});
        results.forEach(stored);
        stored.flush();
        count(connection, hand.id(), 1);
        audit(connection, AuditedAct.DIFFERENCE_MATCHED, bill, by, hand, reason);
        return 1;
    }

    /** The result of a line, and those of a session. */
    private static List<Present> present(Connection connection, UUID statement, UUID difference, UUID session)
            throws SQLException {
        return Sql.list(
                connection,
                """
                select m.id, m.kind, m.line, m.task_no, m.theirs_at as at, m.theirs_status as status, m.theirs_amount as amount, null as problem, m.cells,
                       exists (select from statement_acceptance a where a.difference_id = m.id and a.state <> 'UNDONE') as accepted
                from statement_match m where m.statement_id = ? and (m.id = ? or m.session_id = ?)
                """,
                row -> new Present(
                        row.getObject("id", UUID.class),
                        MatchKind.valueOf(row.getString("kind")),
                        BillLines.of(row),
                        row.getBoolean("accepted")),
                statement,
                difference,
                session);
    }

    /** Takes away the results of the line and of the session, and keeps them with the match by hand. */
    private static void take(Connection connection, UUID statement, Hand hand, Actor by, String reason)
            throws SQLException {
        Sql.execute(
                connection, TAKE, MADE.of(new Made(hand, statement, reason, by)).encode());
    }

    /**
     * Changes the numbers of results, with both the results in place and those that are kept. A bill has too many to count them again.
     *
     * @param sign 1 for a match, -1 to undo it
     */
    private static void count(Connection connection, UUID hand, int sign) throws SQLException {
        Sql.execute(connection, """
                update statement t set counts = (
                    select coalesce(jsonb_object_agg(kind, n), '{}')
                    from (
                        select kind, sum(n) as n
                        from (
                            select key as kind, value::bigint as n from jsonb_each_text(t.counts)
                            union all
                            select l.kind, -s.sign from jsonb_populate_recordset(null::statement_match, h.earlier) l
                            union all
                            select m.kind, s.sign from statement_match m
                            where m.statement_id = h.statement_id and m.session_id = h.session_id) every
                        group by kind having sum(n) <> 0) summed)
                from match_by_hand h, (values (?)) s (sign)
                where h.id = ? and t.id = h.statement_id
                """, sign, hand);
    }

    private static void audit(Connection connection, AuditedAct act, Bill bill, Actor by, Hand hand, String reason)
            throws SQLException {
        Map<String, String> detail = Map.of(
                "statement", bill.id().toString(),
                "sessionId", hand.session().toString(),
                "kind", hand.earlier().name(),
                "reason", reason);
        Audit.record(connection, act, by, hand.difference().toString(), detail);
    }

    /**
     * Takes back a match by hand.
     *
     * @param matchedAt of which time; empty for any
     * @return whether an earlier request with the same key has done it
     */
    boolean unmatch(Request request, UUID difference, Optional<Instant> matchedAt, String reason) {
        return keyed.once(
                request,
                Act.UNMATCH,
                (bill, connection) -> unmatch(connection, bill, request.by(), difference, matchedAt, reason));
    }

    private static int unmatch(
            Connection connection, Bill bill, Actor by, UUID difference, Optional<Instant> matchedAt, String reason)
            throws SQLException {
        bill.require(connection, List.of(difference));
        // The API tells its time to the millisecond.
        Hand hand = Sql.first(
                        connection,
                        """
                        select id, session_id, kind from match_by_hand
                        where difference_id = ? and undone_at is null
                          and (?::timestamptz is null or date_trunc('milliseconds', matched_at) = ?)
                        """,
                        row -> new Hand(
                                row.getObject("id", UUID.class),
                                difference,
                                row.getObject("session_id", UUID.class),
                                MatchKind.valueOf(row.getString("kind"))),
                        difference,
                        matchedAt,
                        matchedAt)
                .orElseThrow(() ->
                        StatementProblem.refused(difference, matchedAt.isPresent() ? "changed-since" : "not-matched"));
        refuseWhen(
                present(connection, bill.id(), difference, hand.session()).stream()
                        .anyMatch(Present::accepted),
                difference,
                "accepted-before");
        count(connection, hand.id(), -1);
        Sql.execute(
                connection,
                "update match_by_hand set undone_by = ?, undone_at = liveness_now(), undone_reason = ? where id = ?",
                by.name(),
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
        audit(connection, AuditedAct.DIFFERENCE_UNMATCHED, bill, by, hand, reason);
        return 1;
    }
}
