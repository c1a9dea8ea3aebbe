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
                "What came of a line of a statement, or of a session of its period that has none; both sides of it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DifferenceView(
        @Schema(required = true, description = "Its id.") UUID id,

        @Schema(required = true) MatchKind kind,

        @Schema(description = "The line of the file, from 1; absent where there is none.")
        Integer line,

        @Schema(description = "The session whose fee it is; absent where none is known.")
        UUID sessionId,

        @Schema(description = "Init's number at the vendor.")
        String taskNo,

        @Schema(description = "Our books.") SideView ours,

        @Schema(description = "The statement.") SideView theirs,

        @Schema(
                description =
                        "Where our status is only presumed. CONFIRMED: the statement says the same. CONTRADICTED: it says otherwise.",
                enumeration = {"CONFIRMED", "CONTRADICTED"})
        String presumption,

        @Schema(description = "More, for people.") String detail,

        @Schema(description = "Where the work on it stands; absent for a result that is no difference.")
        DifferenceState state,

        @Schema(description = "What accepting it adds to the ledger; absent when that is nothing.")
        AmountView adjustment,

        @Schema(description = "Why it was accepted.") String reason,

        @Schema(description = "Who accepted or proposed it.")
        String acceptedBy,

        @Schema(description = "When that was.") Instant acceptedAt,

        @Schema(description = "Who confirmed it, when a second person had to.")
        String confirmedBy,

        @Schema(description = "When that was.") Instant confirmedAt,

        @Schema(description = "What was written down about it.")
        String note,

        @Schema(description = "Who looks after it.") String assignee,

        @Schema(description = "That its line was matched by hand; absent where the matching alone has placed it.")
        ByHand matchedByHand) {

    /** A match by hand. */
    @Schema(name = "MatchByHand", description = "Who has said whose line it is, and what the matching had said.")
    record ByHand(
            @Schema(required = true, description = "What the line was before.")
            MatchKind earlierKind,

            @Schema(required = true, description = "Who matched it.")
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
