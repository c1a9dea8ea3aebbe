package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.statement.difference.DifferenceQuery;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The note and the assignee of a difference. */
@Schema(
        name = "DifferenceNote",
        description = "What is written down about a difference, and who looks after it; what is absent is removed.",
        additionalProperties = Schema.False.class)
record NoteRequest(
        @Schema(description = "For people.", minLength = 1, maxLength = MAX)
        String note,

        @Schema(
                description = "A name that the list is filtered by.",
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
