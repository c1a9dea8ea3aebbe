package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.ledger.AmountView;
import io.liveness.gateway.ledger.LedgerBasis;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.difference.DifferenceFilter.State;
import io.liveness.gateway.statement.matching.MatchKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** One result of a match, as the API tells it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DifferenceView(
        UUID id,
        MatchKind kind,
        Integer line,
        UUID sessionId,
        String taskNo,
        Side ours,
        Side theirs,
        String presumption,
        String detail,
        State state,
        AmountView adjustment,
        String reason,
        String acceptedBy,
        Instant acceptedAt,
        String confirmedBy,
        Instant confirmedAt,
        String revocationProposedBy,
        String note,
        String assignee,
        ByHand matchedByHand) {

    /** One of the two books. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Side(String status, LedgerBasis basis, AmountView amount, Instant at) {}

    /** A match by hand. */
    record ByHand(MatchKind earlierKind, String by, Instant at, String reason) {}

    /** Of a row of {@link ListDifferences}. */
    static DifferenceView of(ResultSet row) throws SQLException {
        MatchKind kind = MatchKind.valueOf(row.getString("kind"));
        String state = row.getString("state");
        AmountView adjustment = AmountView.of(row, "adjustment", "adjustment_currency");
        String earlier = row.getString("earlier_kind");
        return new DifferenceView(
                row.getObject("id", UUID.class),
                kind,
                row.getObject("line", Integer.class),
                row.getObject("session_id", UUID.class),
                row.getString("task_no"),
                side(row, "ours", "ours_currency"),
                side(row, "theirs", "bill_currency"),
                row.getString("presumption"),
                row.getString("detail"),
                !kind.isDifference() ? null : state == null ? State.OPEN : State.valueOf(state),
                row.getLong("adjustment") == 0 ? null : adjustment,
                row.getString("reason"),
                row.getString("accepted_by"),
                Sql.time(row, "accepted_at"),
                row.getString("confirmed_by"),
                Sql.time(row, "confirmed_at"),
                row.getString("undoing_by"),
                row.getString("note"),
                row.getString("assignee"),
                earlier == null
                        ? null
                        : new ByHand(
                                MatchKind.valueOf(earlier),
                                row.getString("matched_by"),
                                Sql.time(row, "matched_at"),
                                row.getString("match_reason")));
    }

    /** Null when this side has nothing of it. */
    private static Side side(ResultSet row, String whose, String currency) throws SQLException {
        String basis = whose.equals("ours") ? row.getString("ours_basis") : null;
        Side side = new Side(
                row.getString(whose + "_status"),
                basis == null ? null : LedgerBasis.valueOf(basis),
                AmountView.of(row, whose + "_amount", currency),
                Sql.time(row, whose + "_at"));
        return side.status == null && side.amount == null && side.at == null ? null : side;
    }
}
