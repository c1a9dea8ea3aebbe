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
    /** Of all callers. */
    WAITERS,
    /** Of all callers. */
    BODIES,
    /** Return hops at once, of all browsers together. */
    RETURN_HOP,
    /** Of all callers, and of one. */
    SUMMARIES,
    EXPORTS,
    /** Of all callers. */
    IMPORTS;

    /** As metrics and the log have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
