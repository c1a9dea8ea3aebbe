package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.statement.difference.DifferenceQuery;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The note and the assignee of a difference. */
@Schema(
        name = "DifferenceNote",
        description = "A note about a difference and its assignee. An absent field is removed.",
        additionalProperties = Schema.False.class)
record NoteRequest(
        @Schema(description = "Free text for readers.", minLength = 1, maxLength = MAX)
        String note,

        @Schema(
                description = "The name of the assignee; the list can be filtered by it.",
                minLength = 1,
                maxLength = DifferenceQuery.ASSIGNEE)
        String assignee) {

    static final int MAX = 500;

    /** @throws ProblemException for a text that cannot be kept */
    Optional<String> checkedNote() {
        return Optional.ofNullable(note).map(given -> Parameters.text("note", given, 1, MAX));
    }

    /** @throws ProblemException for a text that cannot be kept */
    Optional<String> checkedAssignee() {
        return Optional.ofNullable(assignee)
                .map(given -> Parameters.text("assignee", given, 1, DifferenceQuery.ASSIGNEE));
    }
}
