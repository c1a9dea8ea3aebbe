package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of results. */
@Schema(
        name = "StatementDifferencePage",
        description = "A page of the results of a statement, in the order of its lines.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DifferencePage(
        @Schema(required = true, description = "The results of this page.")
        List<DifferenceView> items,

        @Schema(description = "Token of the next page; absent on the last page.")
        String nextPageToken) {}
