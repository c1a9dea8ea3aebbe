package io.liveness.gateway.session.face;

import java.util.Locale;

/** What asked for the redaction of a face image. */
public enum RedactedBy {
    /** The owner of the session, by the API. */
    CALLER,
    /** The gateway, after {@code liveness.face.retention}. */
    RETENTION;

    /** As metrics have it; events have {@link #RETENTION} in the same form, and the caller's name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
