package io.liveness.gateway.platform.export;

import java.util.Locale;

/** How an export ended. */
enum ExportOutcome {
    /** The whole file was sent. */
    DONE,
    /** The reader left. */
    ABANDONED,
    /** The reader took nothing for longer than {@code liveness.exports.stall-timeout}. */
    STALLED,
    /** It took longer than {@code liveness.exports.max-duration}. */
    TOO_LONG,
    /** The database was away, or gave no row for too long. */
    UNAVAILABLE,
    /** Something unforeseen. */
    FAILED;

    /** As metrics and the log have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
