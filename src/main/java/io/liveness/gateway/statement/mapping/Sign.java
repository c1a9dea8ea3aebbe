package io.liveness.gateway.statement.mapping;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Which sign the amounts of fees have in a statement. */
@Schema(
        description =
                "The sign of amounts. POSITIVE: none is negative. NEGATIVE: a fee is a negative number, none is positive."
                        + " IGNORED: a minus means nothing.")
public enum Sign {
    POSITIVE,
    NEGATIVE,
    IGNORED
}
