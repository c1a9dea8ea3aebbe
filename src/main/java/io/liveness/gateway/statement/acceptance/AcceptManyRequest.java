package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Which differences are accepted together, and why. */
@Schema(
        name = "AcceptDifferencesRequest",
        description = "Differences that are accepted together for one reason: all or none.",
        additionalProperties = Schema.False.class)
record AcceptManyRequest(
        @NotNull(message = "is required")
        @Size(min = 1, max = MOST, message = "must have 1 to 200 ids")
        @Schema(
                type = SchemaType.ARRAY,
                implementation = UUID.class,
                description = "Ids of differences of the statement, without duplicates.",
                minItems = 1,
                maxItems = MOST)
        List<String> ids,

        @NotNull(message = "is required")
        @Schema(description = "Free text for readers.", minLength = 1, maxLength = AcceptRequest.MAX)
        String reason) {

    static final int MOST = 200;

    /**
     * Sorted: two concurrent requests for the same differences lock them in the same order.
     *
     * @throws ProblemException for a malformed id, or one that is given twice
     */
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

    /** @throws ProblemException for a text that cannot be kept */
    String checked() {
        return Parameters.text("reason", reason, 1, AcceptRequest.MAX);
    }
}
