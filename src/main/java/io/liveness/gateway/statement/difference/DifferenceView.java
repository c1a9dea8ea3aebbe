package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.statement.matching.MatchKind;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One result of a match, as the API tells it. */
@Schema(
        name = "StatementDifference",
        description =
                "What came of a line of a statement, or of a session of its period that has none; both sides of it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record DifferenceView(
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
                description = "Where our status is only presumed: whether the statement confirms or contradicts it.",
                enumeration = {"CONFIRMED", "CONTRADICTED"})
        String presumption,

        @Schema(description = "More, for people.") String detail) {

    static DifferenceView of(DifferenceRow row) {
        return new DifferenceView(
                row.id(),
                row.kind(),
                row.line().orElse(null),
                row.session().orElse(null),
                row.taskNo().orElse(null),
                row.ours().map(SideView::of).orElse(null),
                row.theirs().map(SideView::of).orElse(null),
                row.presumption().orElse(null),
                row.detail().orElse(null));
    }
}
