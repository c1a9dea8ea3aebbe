package io.liveness.gateway.statement.importing;

import io.liveness.gateway.statement.mapping.NamedMapping;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;

/** By which mapping a file is read, as it was written. */
class PreviewQuery {

    @QueryParam("mapping")
    String mapping;

    /** The name of the mapping. */
    String checkedMapping() {
        return NamedMapping.checkedName("mapping", Optional.ofNullable(mapping).orElse(NamedMapping.DEFAULT));
    }
}
