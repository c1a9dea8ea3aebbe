package io.liveness.gateway.bill.work;

import static io.liveness.gateway.bill.StatementProblem.refuseWhen;
import static io.liveness.gateway.bill.work.AcceptDifferences.uuids;

import io.liveness.gateway.bill.StatementProblem;
import io.liveness.gateway.bill.WithdrawStatement;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.work.AcceptDifferences.FourEyes;
import io.liveness.gateway.bill.work.AcceptDifferences.Refusals;
import io.liveness.gateway.bill.work.Difference.Refusal;
import io.liveness.gateway.bill.work.KeyedWork.Bill;
import io.liveness.gateway.bill.work.KeyedWork.Request;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes back what one request of the same person has done to a statement and its differences, soon after it and by more rows, see {@code
 * docs/decisions/0047}. All is as it was before then, or nothing is done.
 */
@Singleton
class UndoWork {

    private final KeyedWork keyed;
    private final Money above;

    UndoWork(KeyedWork keyed, FourEyes config) {
        this.keyed = keyed;
        this.above = config.fourEyesAbove();
    }

    /** What a request has done. @param subjects differences, or the statement */
    private record Done(Instant at, AuditedAct act, List<UUID> subjects) {}

    /**
     * @param of the key of the request that is taken back
     * @return whether an earlier request with the same key has done it
     */
    boolean undo(Request request, String of, String reason) {
        return keyed.once(request, Act.UNDO, (bill, connection) -> {
            Done done = done(connection, request, of);
            return switch (done.act()) {
                case STATEMENT_WITHDRAWN -> withdrawn(connection, request, done, reason);
                case STATEMENT_WITHDRAWAL_PROPOSED ->
                    WithdrawStatement.takeBackProposal(connection, bill.id(), request.by(), request.subject(), reason);
                default -> differences(connection, bill, request, done, reason);
            };
        });
    }

    /** The entries of the audit list that its transaction has written. The transaction of an act has one time. */
    private static Done done(Connection connection, Request request, String of) throws SQLException {
        String statement = request.statement().toString();
        Instant at = UsedKeys.usedAt(connection, request.by(), of, request.statement(), request.subject(), Act.UNDO)
                .orElseThrow(ProblemException::notFound);
        if (Sql.first(
                        connection,
                        "select where ?::timestamptz < liveness_now() - interval '2 minutes'",
                        row -> true,
                        at)
                .isPresent()) {
            throw StatementProblem.refused("too-late");
        }
        record Entry(AuditedAct act, UUID subject) {}
        List<Entry> entries = Sql.list(
                connection,
                """
                select what, subject::uuid as subject from audit_list
                where at = ? and who = ? and (detail ->> 'statement' = ? or subject = ?) and what like any (array['difference-%', 'statement-%'])
                order by subject
                """,
                row -> new Entry(AuditedAct.of(row.getString("what")), row.getObject("subject", UUID.class)),
                at,
                request.by(),
                statement,
                statement);
        // When a person has sent two requests at the same microsecond, it is not known which did what.
        if (entries.isEmpty() || entries.stream().map(Entry::act).distinct().count() > 1) {
            throw StatementProblem.refused("changed-since");
        }
        return new Done(
                at, entries.get(0).act(), entries.stream().map(Entry::subject).toList());
    }

    private int differences(Connection connection, Bill bill, Request request, Done done, String reason)
            throws SQLException {
        UUID first = done.subjects().get(0);
        bill.requireItCounts(first);
        return switch (done.act()) {
            case DIFFERENCE_ACCEPTED, DIFFERENCE_CONFIRMED -> retract(connection, request, done, reason);
            case DIFFERENCE_UNACCEPTED -> unaccepted(connection, request, done);
            case DIFFERENCE_UNACCEPT_PROPOSED -> takeBackProposal(connection, request, first);
            case DIFFERENCE_MATCHED -> unmatch(connection, bill, request, done, reason);
            case DIFFERENCE_UNMATCHED -> match(connection, bill, request, done);
            default -> throw StatementProblem.refused("changed-since");
        };
    }

    /** Undoes acceptances, whose last act is this one; those that it has confirmed are proposals again. */
    private int retract(Connection connection, Request request, Done done, String reason) throws SQLException {
        Array differences = uuids(connection, done.subjects());
        AcceptDifferences.refuse(
                connection, """
                select w.difference_id, 'changed-since' as refusal from unnest(?::uuid[]) w (difference_id)
                where not exists (
                    select from statement_acceptance a
                    where a.difference_id = w.difference_id and a.statement_id = ? and a.state <> 'UNDONE' and a.undoing_by is null
                      and coalesce(a.confirmed_at, a.accepted_at) = ?)
                order by w.difference_id limit ?
                """, differences, request.statement(), done.at(), AcceptDifferences.REASONS);
        List<UUID> undone = AcceptDifferences.undo(connection, request, differences, reason);
        if (done.act() == AuditedAct.DIFFERENCE_CONFIRMED) {
            restore(connection, request, undone, false);
        }
        return undone.size();
    }

    private int unaccepted(Connection connection, Request request, Done done) throws SQLException {
        List<UUID> undone = Sql.list(
                connection,
                "select id from statement_acceptance where difference_id = any (?) and undone_at = ? and undone_by = ?",
                row -> row.getObject("id", UUID.class),
                uuids(connection, done.subjects()),
                done.at(),
                request.by());
        return restoreAsTheyWere(connection, request, undone);
    }

    private static int takeBackProposal(Connection connection, Request request, UUID difference) throws SQLException {
        List<UUID> kept = Sql.list(
                connection,
                """
                update statement_acceptance set undoing_by = null, undoing_iss = null, undoing_sub = null, undone_reason = null
                where difference_id = ? and state = 'ACCEPTED' and (undoing_iss, undoing_sub) = (?, ?)
                returning id
                """,
                row -> row.getObject("id", UUID.class),
                difference,
                request.subject().issuer(),
                request.subject().name());
        refuseWhen(kept.isEmpty(), difference, "changed-since");
        AcceptDifferences.audit(connection, kept, request.by(), AuditedAct.DIFFERENCE_RESTORED);
        return kept.size();
    }

    private static int unmatch(Connection connection, Bill bill, Request request, Done done, String reason)
            throws SQLException {
        UUID difference = done.subjects().get(0);
        boolean stands = Sql.first(
                        connection,
                        "select from match_by_hand where difference_id = ? and undone_at is null and matched_at = ? and matched_by = ?",
                        row -> true,
                        difference,
                        done.at(),
                        request.by())
                .isPresent();
        refuseWhen(!stands, difference, "changed-since");
        return MatchByHand.unmatch(connection, bill, request.by(), difference, reason);
    }

    /** It is that of the person who had made it. */
    private static int match(Connection connection, Bill bill, Request request, Done done) throws SQLException {
        record Hand(UUID session, String reason) {}
        UUID difference = done.subjects().get(0);
        Hand hand = Sql.first(
                        connection,
                        "select session_id, reason from match_by_hand where difference_id = ? and undone_at = ?",
                        row -> new Hand(row.getObject("session_id", UUID.class), row.getString("reason")),
                        difference,
                        done.at())
                .orElseThrow(() -> StatementProblem.refused(difference, "changed-since"));
        MatchByHand.match(connection, bill, request.by(), difference, hand.session(), hand.reason());
        return Sql.execute(connection, """
                update match_by_hand m set matched_by = old.matched_by, matched_at = old.matched_at
                from match_by_hand old
                where m.difference_id = ? and m.undone_at is null and old.difference_id = m.difference_id and old.undone_at = ?
                """, difference, done.at());
    }

    /** The statement counts again with all that its withdrawal has undone, in one step of its trigger, thus at one time and the last one. */
    private int withdrawn(Connection connection, Request request, Done done, String reason) throws SQLException {
        List<UUID> undone =
                Sql.list(connection, """
                select a.id from statement_acceptance a join statement t on t.id = a.statement_id
                where t.id = ? and a.undone_by = t.withdrawn_by and a.undone_reason = t.reason and a.undone_at >= ?
                """, row -> row.getObject("id", UUID.class), request.statement(), done.at());
        WithdrawStatement.takeBack(connection, request.statement(), done.at(), request.by(), reason, undone.size());
        return restoreAsTheyWere(connection, request, undone);
    }

    /** Where they would add something else now, or more for one person than needs no second one, nothing is done. */
    private int restoreAsTheyWere(Connection connection, Request request, List<UUID> undone) throws SQLException {
        record Was(MatchKind kind, long amount) {}
        Map<UUID, Was> earlier = new HashMap<>();
        Sql.forEach(
                connection,
                "select difference_id, kind, amount from statement_acceptance where id = any (?)",
                row -> Map.entry(
                        row.getObject("difference_id", UUID.class),
                        new Was(MatchKind.valueOf(row.getString("kind")), row.getLong("amount"))),
                entry -> earlier.put(entry.getKey(), entry.getValue()),
                uuids(connection, undone));
        AcceptDifferences.lockFees(connection, earlier.keySet());
        Refusals refusals = new Refusals();
        ReadDifferences.each(connection, request.statement(), earlier.keySet(), difference -> {
            boolean isAsItWas = new Was(difference.kind(), difference.adds()).equals(earlier.remove(difference.id()));
            difference
                    .refusal()
                    .map(Refusal::code)
                    .or(() -> isAsItWas ? Optional.empty() : Optional.of("changed-since"))
                    .ifPresent(code -> refusals.add(difference.id(), code));
        });
        earlier.keySet().forEach(gone -> refusals.add(gone, "changed-since"));
        refusals.refuse();
        restore(connection, request, undone, true);
        if (Sql.first(connection, """
                        select from statement_acceptance
                        where statement_id = ? and state = 'ACCEPTED' and confirmed_at is null and amount <> 0
                        group by accepted_iss, accepted_sub having sum(abs(amount)) > ? limit 1
                        """, row -> true, request.statement(), above.units())
                .isPresent()) {
            throw StatementProblem.refused("changed-since");
        }
        return undone.size();
    }

    /** Adds a row for each that says the same, with its adjustment if that was posted. @param confirmed whether a confirmation still stands */
    private static void restore(Connection connection, Request request, List<UUID> undone, boolean confirmed)
            throws SQLException {
        List<UUID> restored = AcceptDifferences.newIds(undone.size());
        Sql.execute(connection, """
                insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, task_no, billed_at, state, amount, currency,
                    reason, accepted_by, accepted_iss, accepted_sub, accepted_at, confirmed_by, confirmed_iss, confirmed_sub, confirmed_at,
                    posted_at, undoing_by, undoing_iss, undoing_sub, undone_reason)
                select w.restored, difference_id, statement_id, kind, session_id, task_no, billed_at,
                       case when amount = 0 or posted_at is not null and w.confirmed then 'ACCEPTED' else 'PROPOSED' end, amount, currency,
                       reason, accepted_by, accepted_iss, accepted_sub, accepted_at,
                       case when w.confirmed then confirmed_by end, case when w.confirmed then confirmed_iss end,
                       case when w.confirmed then confirmed_sub end, case when w.confirmed then confirmed_at end,
                       case when w.confirmed and posted_at is not null then liveness_now() end,
                       undoing_by, undoing_iss, undoing_sub, case when undoing_by is not null then undone_reason end
                from (select restored, undone, ? as confirmed from unnest(?::uuid[], ?::uuid[]) ids (restored, undone)) w
                join statement_acceptance a on a.id = w.undone
                order by session_id, difference_id
                """, confirmed, uuids(connection, restored), uuids(connection, undone));
        AcceptDifferences.post(connection, restored);
        AcceptDifferences.audit(connection, restored, request.by(), AuditedAct.DIFFERENCE_RESTORED);
    }
}
