package io.liveness.gateway.statement.difference;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where the work on a difference stands. */
@Schema(
        name = "DifferenceState",
        description = "OPEN: not accepted, or no more. PROPOSED: accepted, and waits for a second person to confirm it."
                + " ACCEPTED: its adjustment, when it calls for one, is in the ledger.")
public enum DifferenceState {
    OPEN,
    PROPOSED,
    ACCEPTED
}
