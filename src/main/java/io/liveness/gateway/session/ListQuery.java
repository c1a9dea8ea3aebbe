package io.liveness.gateway.session;

import io.liveness.gateway.platform.PageToken;
import io.liveness.gateway.platform.Parameters;
import io.liveness.gateway.platform.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of the list of sessions, as it was written. */
class ListQuery {

    @QueryParam("status")
    @Parameter(schema = @Schema(implementation = SessionStatus.class))
    String status;

    @QueryParam("reference")
    @Parameter(schema = @Schema(type = SchemaType.STRING, maxLength = OpenSessionRequest.MAX_REFERENCE))
    String reference;

    @QueryParam("createdFrom")
    @Parameter(description = "Inclusive.", schema = @Schema(format = "date-time"))
    String createdFrom;

    @QueryParam("createdTo")
    @Parameter(description = "Exclusive.", schema = @Schema(format = "date-time"))
    String createdTo;

    @QueryParam("pageSize")
    @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "500", defaultValue = "50"))
    String pageSize;

    @QueryParam("pageToken")
    @Parameter(description = "nextPageToken of the page before, under the same filters.")
    String pageToken;

    SessionFilter filter() {
        SessionFilter first = new SessionFilter(
                Optional.ofNullable(status).map(given -> Parameters.choice("status", SessionStatus.class, given)),
                Optional.ofNullable(reference).map(ListQuery::checkedReference),
                Optional.ofNullable(createdFrom).map(given -> Parameters.time("createdFrom", given)),
                Optional.ofNullable(createdTo).map(given -> Parameters.time("createdTo", given)),
                Optional.empty(),
                Parameters.pageSize(pageSize));
        return pageToken == null
                ? first
                : first.after(PageToken.decode(pageToken, first.fingerprint()).after());
    }

    private static String checkedReference(String given) {
        String broken = CodePoints.Validator.broken(given, 0, OpenSessionRequest.MAX_REFERENCE);
        if (broken != null) {
            throw ProblemException.invalid("reference", broken);
        }
        return given;
    }
}
