package io.liveness.gateway.bill.match;

/** The result for a line of a statement, or for a session of its period. */
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
