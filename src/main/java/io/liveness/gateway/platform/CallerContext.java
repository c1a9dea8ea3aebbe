package io.liveness.gateway.platform;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * Returns to the caller's Vert.x context after a timer or another event loop: a reactive database session works on its context only, and
 * Mutiny's timers fire on worker threads.
 */
public final class CallerContext {

    private CallerContext() {}

    /** To be called when the work is subscribed to. Without a context everything stays on the thread it happens on. */
    public static Executor capture() {
        Context caller = Vertx.currentContext();
        if (caller == null) {
            return Runnable::run;
        }
        return task -> {
            if (Vertx.currentContext() == caller) {
                task.run();
            } else {
                caller.runOnContext(ignored -> task.run());
            }
        };
    }
}
