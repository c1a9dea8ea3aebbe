package io.liveness.gateway.platform.limits;

import java.util.Locale;

/** The limits that a request can be over: those of its caller, and those of all callers together. */
public enum RefusedBy {
    REQUESTS_PER_SECOND,
    OPEN_SESSIONS,
    OPEN_SHARE,
    BUDGET,
    WAITERS_PER_CALLER,
    FACES_PER_CALLER,
    BODIES_PER_CALLER,
    /** Connections that others were closed for, or that were closed themselves. */
    CONNECTIONS,
    /** Reads of all callers together that wait for a verdict or an event. */
    WAITERS,
    /** Unfinished bodies of all callers together. */
    BODIES,
    /** Return hops at once, of all browsers together. */
    RETURN_HOP,
    /** Summaries at once, of one caller or of all together. */
    SUMMARIES,
    EXPORTS,
    /** Imports and previews at once, of all callers together. */
    IMPORTS;

    /** The name of the limit in metrics and the log. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
