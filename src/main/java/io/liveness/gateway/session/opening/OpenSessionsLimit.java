package io.liveness.gateway.session.opening;

import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import jakarta.inject.Singleton;
import java.util.OptionalInt;

/** How many sessions a caller may have open. {@link StoreIntent} keeps the limit; this class makes the refusal. */
@Singleton
class OpenSessionsLimit {

    private final OptionalInt atMost;
    private final Refusals refusals;

    OpenSessionsLimit(OpenSessionsConfig config, Refusals refusals) {
        this.atMost = config.openSessions();
        this.refusals = refusals;
    }

    /** Empty when there is no limit. */
    OptionalInt atMost() {
        return atMost;
    }

    /** The refusal when nothing was stored and the key leads to no session. */
    ProblemException refuse(Caller caller) {
        if (atMost.isEmpty()) {
            // The key is taken, and the server that was read does not have it yet.
            return OpeningProblems.inFlight();
        }
        refusals.count(caller, RefusedBy.OPEN_SESSIONS);
        return OpeningProblems.tooManyOpen(atMost.getAsInt());
    }
}
