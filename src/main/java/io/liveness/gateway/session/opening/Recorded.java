package io.liveness.gateway.session.opening;

import io.liveness.gateway.session.SessionRow;
import java.util.Optional;

/**
 * What came of recording what init did.
 *
 * @param done by this try or an earlier one
 * @param session as it is now, when this try opened it
 */
public record Recorded(boolean done, Optional<SessionRow> session) {

    static Recorded of(boolean done) {
        return new Recorded(done, Optional.empty());
    }
}
