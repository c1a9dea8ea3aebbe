package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A mapping as the API tells it. */
@Schema(name = "NamedStatementMapping", description = "A mapping by its name.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MappingView(
        @Schema(required = true, description = "Its name; `default` is the one that is configured.")
        String name,

        @Schema(required = true) Mapping mapping,

        @Schema(description = "Who set it; absent when it is configured.")
        String setBy,

        @Schema(description = "When; absent when it is configured.")
        Instant setAt) {

    static MappingView configured(Mapping mapping) {
        return new MappingView(StoreMappings.DEFAULT, mapping, null, null);
    }
}
