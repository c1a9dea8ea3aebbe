package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.statement.difference.DifferenceRow.Accepted;
import io.liveness.gateway.statement.matching.MatchKind;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One result of a match, as the API tells it. */
@Schema(
        name = "StatementDifference",
        description =
                "The result for a line of a statement, or for a session of its period without a line, with both sides.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DifferenceView(
        @Schema(required = true, description = "Its id.") UUID id,

        @Schema(required = true) MatchKind kind,

        @Schema(description = "The number of the line in the file, from 1; absent for a result without a line.")
        Integer line,

        @Schema(description = "The session of the fee; absent when it is unknown.")
        UUID sessionId,

        @Schema(description = "The vendor's task number of init.")
        String taskNo,

        @Schema(description = "The fee in our books.") SideView ours,

        @Schema(description = "The fee in the statement.") SideView theirs,

        @Schema(
                description =
                        "Only when our status is presumed. CONFIRMED: the statement has the same status. CONTRADICTED: the"
                                + " statement has another status.",
                enumeration = {"CONFIRMED", "CONTRADICTED"})
        String presumption,

        @Schema(description = "Further explanation, in words.")
        String detail,

        @Schema(description = "State of the work on it; absent for a result that is not a difference.")
        DifferenceState state,

        @Schema(description = "The amount that acceptance adds to the ledger; absent when it adds none.")
        AmountView adjustment,

        @Schema(description = "Why it was accepted.") String reason,

        @Schema(description = "The caller that accepted or proposed it.")
        String acceptedBy,

        @Schema(description = "When that was.") Instant acceptedAt,

        @Schema(description = "The caller that confirmed it, when a confirmation was required.")
        String confirmedBy,

        @Schema(description = "When that was.") Instant confirmedAt,

        @Schema(description = "The note about it.") String note,

        @Schema(description = "The assignee.") String assignee,

        @Schema(description = "The match by hand of its line; absent when there is none.")
        ByHand matchedByHand) {

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

    public static DifferenceView of(DifferenceRow row) {
        Optional<Accepted> accepted = row.accepted();
        return new DifferenceView(
                row.id(),
                row.kind(),
                row.line().orElse(null),
                row.session().orElse(null),
                row.taskNo().orElse(null),
                row.ours().map(SideView::of).orElse(null),
                row.theirs().map(SideView::of).orElse(null),
                row.presumption().orElse(null),
                row.detail().orElse(null),
                row.state().orElse(null),
                accepted.filter(one -> one.adjustment() != 0)
                        .map(one -> AmountView.of(new Money(one.adjustment(), one.currency())))
                        .orElse(null),
                accepted.map(Accepted::reason).orElse(null),
                accepted.map(Accepted::by).orElse(null),
                accepted.map(Accepted::at).orElse(null),
                accepted.flatMap(Accepted::confirmedBy).orElse(null),
                accepted.flatMap(Accepted::confirmedAt).orElse(null),
                row.note().orElse(null),
                row.assignee().orElse(null),
                row.byHand()
                        .map(hand -> new ByHand(hand.earlier(), hand.by(), hand.at(), hand.reason()))
                        .orElse(null));
    }
}
