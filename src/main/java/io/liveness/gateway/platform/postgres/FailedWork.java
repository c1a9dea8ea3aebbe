package io.liveness.gateway.platform.postgres;

import org.jboss.logging.Logger;

/** Tells the log of work that failed. Not for want of a database: the line {@code database.away} tells that for all work. */
public final class FailedWork {

    private FailedWork() {}

    /** @param event the beginning of the line, as in {@code thinning.failed} */
    public static void log(Logger log, String event, Throwable failure) {
        if (DatabaseUnavailable.behind(failure).isEmpty()) {
            log.error(event, failure);
        }
    }
}
