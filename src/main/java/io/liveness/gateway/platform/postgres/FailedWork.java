package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

/**
 * Tells the log of work that failed. Not for want of a database: the line {@code database.away} tells that for all work. Nor for want of
 * a connection of the batch lane, which others use for a while.
 */
public final class FailedWork {

    private FailedWork() {}

    /** @param event the beginning of the line, as in {@code thinning.failed} */
    public static void log(Logger log, String event, Throwable failure) {
        if (DatabaseUnavailable.behind(failure).isEmpty() && !(failure instanceof ProblemException)) {
            log.error(event, failure);
        }
    }

    /** Does the work of a job. A failure is logged; the next run goes on. */
    public static void orLog(Logger log, String event, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            log(log, event, failure);
        }
    }

    /**
     * Does reactive work of a job. A failure is logged: what it returns completes when the work has ended, and never
     * fails.
     */
    public static Uni<Void> orLog(Logger log, String event, Uni<Void> work) {
        return work.onFailure()
                .invoke(failure -> log(log, event, failure))
                .onFailure()
                .recoverWithNull();
    }
}
