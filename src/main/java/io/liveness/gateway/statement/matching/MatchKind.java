package io.liveness.gateway.statement.matching;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The result for a line of a statement, or for a session of its period. */
@Schema(
        name = "MatchKind",
        description =
                "No differences: MATCHED: both sides say the same. NOT_BILLED: a fee that is only presumed, since init's answer was"
                        + " lost, and that the vendor did not take; it has come back or will. CUT_OFF: a session without a line that another"
                        + " statement has, see `detail`, or so near to an edge of the period that the statement before or behind may have it."
                        + " Differences: MISSING_IN_STATEMENT: a fee without a line. MISSING_IN_LEDGER: a line without a fee. AMOUNT_DIFFERS,"
                        + " STATUS_DIFFERS: of a line and its fee. DUPLICATE_LINE: the fee is on a line before, of this statement or of another one, see `detail`. UNREADABLE_LINE: see `detail`."
                        + " AMBIGUOUS: a line that may be of more than one fee whose init's answer was lost, or shares it with other lines."
                        + " CONTROL_TOTAL_DIFFERS: a total of the file or the invoice is not that of its lines, see `detail`.")
public enum MatchKind {
    MATCHED(false),
    NOT_BILLED(false),
    CUT_OFF(false),
    MISSING_IN_STATEMENT(true),
    MISSING_IN_LEDGER(true),
    AMOUNT_DIFFERS(true),
    STATUS_DIFFERS(true),
    DUPLICATE_LINE(true),
    UNREADABLE_LINE(true),
    AMBIGUOUS(true),
    CONTROL_TOTAL_DIFFERS(true);

    private final boolean difference;

    MatchKind(boolean difference) {
        this.difference = difference;
    }

    public boolean isDifference() {
        return difference;
    }
}
