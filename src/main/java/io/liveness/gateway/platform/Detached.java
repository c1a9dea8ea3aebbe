package io.liveness.gateway.platform;

import io.smallrye.mutiny.Uni;

/** Work that goes on when its subscriber has left. */
public final class Detached {

    private Detached() {}

    /**
     * The same work, but not cancelled with its subscriber: a caller who closes the connection while the vendor is asked
     * must not make us forget the answer.
     */
    public static <T> Uni<T> from(Uni<T> work) {
        return Uni.createFrom().emitter(waiting -> work.subscribe().with(waiting::complete, waiting::fail));
    }
}
