package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.PageQuery;
import io.liveness.gateway.platform.Parameters;
import io.liveness.gateway.statement.matching.MatchKind;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of the results of a statement, as it was written. */
public class DifferenceQuery extends PageQuery {

    @QueryParam("kind")
    @Parameter(
            description = "Only results of this kind, those that are no differences too; without it all differences.",
            schema = @Schema(implementation = MatchKind.class),
            example = "AMOUNT_DIFFERS")
    String kind;

    Optional<MatchKind> kind() {
        return Optional.ofNullable(kind).map(given -> Parameters.choice("kind", MatchKind.class, given));
    }

    List<?> fingerprint(UUID statement) {
        return List.of(statement, kind());
    }
}
