package io.liveness.gateway.statement.matching;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The result for a line of a statement, or for a session of its period. */
@Schema(
        name = "MatchKind",
        description = "Results that are not differences: MATCHED: both sides agree. NOT_BILLED: a presumed fee, because"
                + " init's answer was lost, that the vendor did not bill; it is refunded or will be; or a refunded fee"
                + " of a statement whose lines are all charges, see `detail`. CUT_OFF: a session"
                + " without a line here that another statement has, see `detail`, or whose time is so near an edge of"
                + " the period that the statement before or after may have it. Differences: MISSING_IN_STATEMENT: a fee"
                + " without a line. MISSING_IN_LEDGER: a line without a fee. AMOUNT_DIFFERS, STATUS_DIFFERS: the line"
                + " and its fee disagree. DUPLICATE_LINE: an earlier line of this or another statement has the fee, see"
                + " `detail`. UNREADABLE_LINE: see `detail`. AMBIGUOUS: the line fits several fees whose init's answer"
                + " was lost, or several lines fit one such fee. CONTROL_TOTAL_DIFFERS: a total of the file or of the"
                + " invoice is not the sum of its lines, see `detail`.")
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
