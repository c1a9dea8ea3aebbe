package io.liveness.gateway.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of statements. */
@Schema(name = "StatementPage", description = "A page of statements, newest first.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatementPage(
        @Schema(required = true, description = "The statements of this page.")
        List<StatementView> items,

        @Schema(description = "Token of the next page; absent on the last page.")
        String nextPageToken) {}
