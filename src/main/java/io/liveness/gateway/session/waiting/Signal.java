package io.liveness.gateway.session.waiting;

import io.liveness.gateway.session.SessionRow;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * That a session may have ended, as it is heard by all who wait for it here. The first of them reads the session, for all:
 * a thousand who wait for one are one read.
 */
public class Signal {

    private Uni<SessionRow> read;

    /** @param reading of the session; the same for all who may see it */
    synchronized Uni<SessionRow> read(Supplier<Uni<SessionRow>> reading) {
        if (read == null) {
            read = reading.get().memoize().indefinitely();
        }
        return read;
    }
}
