package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.statement.matching.MatchKind;
import jakarta.ws.rs.QueryParam;
import java.time.ZoneId;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of the results of a statement, as it was written. */
class DifferenceQuery extends PageQuery {

    @QueryParam("kind")
    @Parameter(name = "kind", ref = "DifferenceKind")
    String kind;

    @QueryParam("state")
    @Parameter(name = "state", ref = "DifferenceState")
    String state;

    @QueryParam("assignee")
    @Parameter(name = "assignee", ref = "DifferenceAssignee")
    String assignee;

    @QueryParam("timeZone")
    @Parameter(name = "timeZone", ref = "FileTimeZone")
    String timeZone;

    private static final String DEFAULT_ZONE = "Asia/Shanghai";

    /** The longest name of an assignee, in characters. */
    static final int ASSIGNEE = 64;

    /** That of the times in a file. */
    ZoneId zone() {
        return Parameters.zone("timeZone", Optional.ofNullable(timeZone).orElse(DEFAULT_ZONE));
    }

    DifferenceFilter filter() {
        return filter(kind, state, assignee);
    }

    /** Each may be null. */
    static DifferenceFilter filter(String kind, String state, String assignee) {
        return new DifferenceFilter(
                Optional.ofNullable(kind).map(given -> Parameters.choice("kind", MatchKind.class, given)),
                Optional.ofNullable(state).map(given -> Parameters.choice("state", DifferenceState.class, given)),
                Optional.ofNullable(assignee).map(given -> Parameters.text("assignee", given, 1, ASSIGNEE)));
    }
}
