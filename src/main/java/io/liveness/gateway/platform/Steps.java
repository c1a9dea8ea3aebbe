package io.liveness.gateway.platform;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** Work that is done in steps, one after the other. */
public final class Steps {

    private Steps() {}

    /**
     * Does steps until one says that there are no more, or fails.
     *
     * @param step says whether there may be more
     */
    public static Uni<Void> untilDone(Supplier<Uni<? extends Boolean>> step) {
        return Uni.createFrom()
                .deferred(step)
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
