package io.liveness.gateway.platform;

import io.smallrye.mutiny.Uni;

/** Work that goes on when its subscriber has left. */
public final class Uncancellable {

    private static final UnderWay UNDER_WAY = new UnderWay(Integer.MAX_VALUE);

    private Uncancellable() {}

    /**
     * Returns the same work without cancellation: when a caller closes its connection during a call of the vendor, the answer is still
     * recorded.
     */
    public static <T> Uni<T> from(Uni<T> work) {
        return Uni.createFrom().emitter(waiting -> {
            UNDER_WAY.begin(1);
            work.onTermination().invoke(() -> UNDER_WAY.end(1)).subscribe().with(waiting::complete, waiting::fail);
        });
    }

    /** Completes when no such work is left, for a process that is to end. */
    public static Uni<Void> finished() {
        return UNDER_WAY.none();
    }
}
