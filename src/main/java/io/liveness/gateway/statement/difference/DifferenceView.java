package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.difference.DifferenceFilter.State;
import io.liveness.gateway.statement.matching.MatchKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One result of a match, as the API tells it. */
@Schema(
        name = "StatementDifference",
        description =
                "The result for a line of a statement, or for a session of its period without a line, with both sides.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record DifferenceView(
        @Schema(required = true, description = "Its id.") UUID id,

        @Schema(required = true) MatchKind kind,

        @Schema(description = "The number of the line in the file, from 1; absent for a result without a line.")
        Integer line,

        @Schema(description = "The session of the fee; absent when it is unknown.")
        UUID sessionId,

        @Schema(description = "The vendor's task number of init.")
        String taskNo,

        @Schema(description = "The fee in our books.") Side ours,

        @Schema(description = "The fee in the statement.") Side theirs,

        @Schema(
                description =
                        "Only when our status is presumed. CONFIRMED: the statement has the same status. CONTRADICTED: the"
                                + " statement has another status.",
                enumeration = {"CONFIRMED", "CONTRADICTED"})
        String presumption,

        @Schema(description = "Further explanation, in words.")
        String detail,

        @Schema(description = "State of the work on it; absent for a result that is not a difference.")
        State state,

        @Schema(description = "The amount that acceptance adds to the ledger; absent when it adds none.")
        AmountView adjustment,

        @Schema(description = "Why it was accepted.") String reason,

        @Schema(description = "The caller that accepted or proposed it.")
        String acceptedBy,

        @Schema(description = "When that was.") Instant acceptedAt,

        @Schema(description = "The caller that confirmed it, when a confirmation was required.")
        String confirmedBy,

        @Schema(description = "When that was.") Instant confirmedAt,

        @Schema(
                description = "The caller that proposed to revoke the acceptance, which a second person had confirmed;"
                        + " another person revokes it.")
        String revocationProposedBy,

        @Schema(description = "The note about it.") String note,

        @Schema(description = "The assignee.") String assignee,

        @Schema(description = "The match by hand of its line; absent when there is none.")
        ByHand matchedByHand) {

    /** One of the two books. */
    @Schema(name = "StatementSide", description = "A fee as one of the two sides has it. Unknown values are left out.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Side(
            @Schema(
                    description = "PRE_DEDUCTED, CHARGED or REFUNDED; on our side also UNCONFIRMED.",
                    enumeration = {"PRE_DEDUCTED", "UNCONFIRMED", "CHARGED", "REFUNDED"})
            String status,

            @Schema(description = "On our side: how the status is known.")
            LedgerBasis basis,

            @Schema(
                    description =
                            "The amount; for a control total, the sum. Against an invoice, our sum is what is to be paid: rounded"
                                    + " half up to the minor unit, once.")
            AmountView amount,

            @Schema(description = "When the fee was taken.") Instant at) {}

    /** A match by hand. */
    @Schema(
            name = "MatchByHand",
            description = "A match by hand: its author, its time, its reason and the earlier result.")
    record ByHand(
            @Schema(required = true, description = "The result before the match by hand.")
            MatchKind earlierKind,

            @Schema(required = true, description = "The caller that matched it.")
            String by,

            @Schema(required = true, description = "When.") Instant at,

            @Schema(required = true, description = "Why.") String reason) {}

    /** A page of results. */
    @Schema(
            name = "StatementDifferencePage",
            description = "A page of the results of a statement, in the order of its lines.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(
            @Schema(required = true, description = "The results of this page.")
            List<DifferenceView> items,

            @Schema(description = "Token of the next page; absent on the last page.")
            String nextPageToken) {}

    /** Of a row of {@link ListDifferences}. */
    static DifferenceView of(ResultSet row) throws SQLException {
        MatchKind kind = MatchKind.valueOf(row.getString("kind"));
        String state = row.getString("state");
        AmountView adjustment = amount(row, "adjustment", "adjustment_currency");
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
                amount(row, whose + "_amount", currency),
                Sql.time(row, whose + "_at"));
        return side.status == null && side.amount == null && side.at == null ? null : side;
    }

    private static AmountView amount(ResultSet row, String amount, String currency) throws SQLException {
        Long units = row.getObject(amount, Long.class);
        return units == null ? null : AmountView.of(new Money(units, row.getString(currency)));
    }
}
