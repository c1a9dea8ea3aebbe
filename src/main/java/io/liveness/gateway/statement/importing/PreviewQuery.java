package io.liveness.gateway.statement.importing;

import io.liveness.gateway.statement.mapping.MappingName;
import io.liveness.gateway.statement.mapping.StoreMappings;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** By which mapping a file is read, as it was written. */
class PreviewQuery {

    @QueryParam("mapping")
    @Parameter(
            description = "The name of the mapping by which the columns are read.",
            schema =
                    @Schema(type = SchemaType.STRING, pattern = MappingName.FORM, defaultValue = StoreMappings.DEFAULT),
            example = "default")
    String mapping;

    /** The name of the mapping. */
    String checkedMapping() {
        return MappingName.checked("mapping", Optional.ofNullable(mapping).orElse(StoreMappings.DEFAULT));
    }
}
