package io.liveness.gateway.statement.mapping;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** All mappings: few enough to need no pages. */
@Schema(name = "StatementMappingList", description = "All mappings.")
record MappingList(
        @Schema(required = true, description = "The configured one first, then by name.")
        List<MappingView> items) {}
