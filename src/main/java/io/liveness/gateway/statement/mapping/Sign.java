package io.liveness.gateway.statement.mapping;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Which sign the amounts of fees have in a statement. */
@Schema(
        description = "The sign of amounts. POSITIVE: no amount is negative. NEGATIVE: a fee is a negative number; no"
                + " amount is positive. IGNORED: a minus sign is ignored.")
public enum Sign {
    POSITIVE,
    NEGATIVE,
    IGNORED
}
