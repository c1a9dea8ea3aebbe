package io.liveness.gateway.session.opening;

import io.liveness.gateway.session.SessionRow;
import java.util.Optional;

/**
 * The result of recording an outcome of init.
 *
 * @param done recorded by this try or an earlier one
 * @param session as it is now, when this try opened it
 */
public record Recorded(boolean done, Optional<SessionRow> session) {

    static Recorded of(boolean done) {
        return new Recorded(done, Optional.empty());
    }
}
