package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.statement.matching.MatchKind;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Bodies of requests that work on differences. */
final class DifferenceRequests {

    private static final int TEXT = 500;
    private static final int MOST = 200;
    private static final String REQUIRED = "is required";

    private DifferenceRequests() {}

    /** @throws ProblemException for a text that cannot be kept */
    private static String text(String field, String given) {
        return Parameters.text(field, given, 1, TEXT);
    }

    /** Why a difference is accepted, or no more. */
    @Schema(
            name = "DifferenceReason",
            description = "The reason for accepting a difference, for revoking an acceptance or for undoing a match.",
            additionalProperties = Schema.False.class)
    record Reason(
            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {

        String checked() {
            return text("reason", reason);
        }
    }

    /** Which differences are accepted together, and why. */
    @Schema(
            name = "AcceptDifferencesRequest",
            description = "Differences that are accepted together for one reason: all or none.",
            additionalProperties = Schema.False.class)
    record Many(
            @NotNull(message = REQUIRED)
            @Size(min = 1, max = MOST, message = "must have 1 to 200 ids")
            @Schema(
                    type = SchemaType.ARRAY,
                    implementation = UUID.class,
                    description = "Ids of differences of the statement, without duplicates.",
                    minItems = 1,
                    maxItems = MOST)
            List<String> ids,

            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {

        /** @throws ProblemException for a malformed id, or one that is given twice */
        List<UUID> differences() {
            Set<UUID> read = new TreeSet<>();
            // A null of the list is text that is no id.
            for (int i = 0; i < ids.size(); i++) {
                if (!read.add(Parameters.uuid("ids[" + i + "]", String.valueOf(ids.get(i))))) {
                    throw ProblemException.invalid("ids[" + i + "]", "is a duplicate");
                }
            }
            return List.copyOf(read);
        }

        String checked() {
            return text("reason", reason);
        }
    }

    /** All that a filter fits. */
    @Schema(
            name = "AcceptFittingRequest",
            description = "Open differences that are accepted together for one reason: all that fit, or none.",
            additionalProperties = Schema.False.class)
    record Fitting(
            @Schema(description = "Only differences of this kind.")
            MatchKind kind,

            @Schema(
                    description = "Only differences with this assignee.",
                    minLength = 1,
                    maxLength = DifferenceQuery.ASSIGNEE)
            String assignee,

            @NotNull(message = REQUIRED)
            @Min(value = 1, message = "must be at least 1")
            @Schema(
                    description =
                            "How many differences fit, as the list or the file showed. With any other number nothing is done.",
                    minimum = "1")
            Integer count,

            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {

        DifferenceFilter filter() {
            return fitting(kind, assignee, DifferenceState.OPEN);
        }

        String checked() {
            return text("reason", reason);
        }
    }

    /** All proposals that a filter fits. */
    @Schema(
            name = "ConfirmFittingRequest",
            description = "Proposals of other persons that are confirmed together: all that fit, or none.",
            additionalProperties = Schema.False.class)
    record Confirm(
            @Schema(description = "Only differences of this kind.")
            MatchKind kind,

            @Schema(
                    description = "Only differences with this assignee.",
                    minLength = 1,
                    maxLength = DifferenceQuery.ASSIGNEE)
            String assignee,

            @NotNull(message = REQUIRED)
            @Min(value = 1, message = "must be at least 1")
            @Schema(
                    description =
                            "How many proposals fit, as the list or the file showed. With any other number nothing is done.",
                    minimum = "1")
            Integer count) {

        DifferenceFilter filter() {
            return fitting(kind, assignee, DifferenceState.PROPOSED);
        }
    }

    private static DifferenceFilter fitting(MatchKind kind, String assignee, DifferenceState state) {
        return new DifferenceFilter(
                Optional.ofNullable(kind),
                Optional.of(state),
                Optional.ofNullable(assignee)
                        .map(given -> Parameters.text("assignee", given, 1, DifferenceQuery.ASSIGNEE)));
    }

    /** Whose fee a line is, and why that is known. */
    @Schema(
            name = "MatchDifferenceRequest",
            description = "The session that a line belongs to, and the reason.",
            additionalProperties = Schema.False.class)
    record Match(
            @NotNull(message = REQUIRED) @Schema(implementation = UUID.class, description = "The session of the fee.")
            String sessionId,

            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {

        UUID session() {
            return Parameters.uuid("sessionId", sessionId);
        }

        String checked() {
            return text("reason", reason);
        }
    }

    /** The note and the assignee of a difference. */
    @Schema(
            name = "DifferenceNote",
            description = "A note about a difference and its assignee. An absent field is removed.",
            additionalProperties = Schema.False.class)
    record Note(
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String note,

            @Schema(
                    description = "The name of the assignee; the list can be filtered by it.",
                    minLength = 1,
                    maxLength = DifferenceQuery.ASSIGNEE)
            String assignee) {

        Optional<String> checkedNote() {
            return Optional.ofNullable(note).map(given -> text("note", given));
        }

        Optional<String> checkedAssignee() {
            return Optional.ofNullable(assignee)
                    .map(given -> Parameters.text("assignee", given, 1, DifferenceQuery.ASSIGNEE));
        }
    }

    /** What a request about all that a filter fits has done. */
    @Schema(name = "DifferencesWorked", description = "What was done with all differences that fitted.")
    record Worked(
            @Schema(
                    required = true,
                    description = "How many differences were accepted, proposed or confirmed.",
                    minimum = "1")
            int count) {}
}
