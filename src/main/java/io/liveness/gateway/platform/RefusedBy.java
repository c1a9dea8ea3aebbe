package io.liveness.gateway.platform;

import java.util.Locale;

/** The limits that a caller can be over. */
public enum RefusedBy {
    REQUESTS_PER_SECOND,
    OPEN_SESSIONS;

    /** As in the name of its property. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
