package io.liveness.gateway.statement.difference;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where the work on a difference stands. */
@Schema(
        name = "DifferenceState",
        description =
                "OPEN: not accepted, or the acceptance was revoked. PROPOSED: awaits confirmation by a second person."
                        + " ACCEPTED: its adjustment, if it requires one, is in the ledger.")
public enum DifferenceState {
    OPEN,
    PROPOSED,
    ACCEPTED
}
