package io.liveness.gateway.session.waiting;

import io.liveness.gateway.session.SessionRow;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * A signal that a session may have ended, shared by all its waiters at this replica. The first waiter reads the session for all:
 * a thousand waiters of one session cause one read.
 */
public class Signal {

    private Uni<SessionRow> read;

    /** @param reading of the session; the same for all waiters that may see it */
    synchronized Uni<SessionRow> read(Supplier<Uni<SessionRow>> reading) {
        if (read == null) {
            read = reading.get().memoize().indefinitely();
        }
        return read;
    }
}
