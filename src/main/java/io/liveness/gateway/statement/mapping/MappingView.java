package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A mapping as the API tells it. */
@Schema(name = "NamedStatementMapping", description = "A mapping and its name.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MappingView(
        @Schema(required = true, description = "Its name; `default` is the one that is configured.")
        String name,

        @Schema(required = true) Mapping mapping,

        @Schema(description = "The caller that set it; absent for a configured one.")
        String setBy,

        @Schema(description = "When it was set; absent for a configured one.")
        Instant setAt) {

    static MappingView configured(Mapping mapping) {
        return new MappingView(StoreMappings.DEFAULT, mapping, null, null);
    }
}
