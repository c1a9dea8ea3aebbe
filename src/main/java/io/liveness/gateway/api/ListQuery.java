package io.liveness.gateway.api;

import io.liveness.gateway.open.OpenSessionRequest;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Sessions;
import io.liveness.gateway.session.Viewer;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;

/** The query of the list of sessions, as it was written. */
class ListQuery extends PageQuery {

    @QueryParam("status")
    String status;

    @QueryParam("reference")
    String reference;

    @QueryParam("createdFrom")
    String createdFrom;

    @QueryParam("createdTo")
    String createdTo;

    @QueryParam("caller")
    String caller;

    static final int MAX_CALLER = 256;

    Sessions.Filter filter(Viewer viewer) {
        Sessions.Filter first = new Sessions.Filter(
                whose(viewer),
                Optional.ofNullable(status).map(given -> Parameters.choice("status", SessionStatus.class, given)),
                Optional.ofNullable(reference)
                        .map(given -> Parameters.text("reference", given, 1, OpenSessionRequest.MAX_REFERENCE)),
                Optional.ofNullable(createdFrom).map(given -> Parameters.time("createdFrom", given)),
                Optional.ofNullable(createdTo).map(given -> Parameters.time("createdTo", given)),
                Optional.empty(),
                size());
        return first.after(after(first.fingerprint()));
    }

    private Optional<String> whose(Viewer viewer) {
        String own = viewer.caller().name();
        if (viewer.seesAll()) {
            return Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, MAX_CALLER));
        }
        if (caller != null && !caller.equals(own)) {
            throw ProblemException.invalid("caller", "must be left out: only the role operator lists others' sessions");
        }
        return Optional.of(own);
    }
}
