package io.liveness.gateway.bill.match;

/** What is said of a result, for people. The console has each in its languages. */
public enum Detail {
    CHARGED_TWICE("statement %s has charged the fee on line %s"),
    ADJUSTED_ELSEWHERE("the fee is adjusted to what statement %s says: take that back first"),
    ON_LINE_OF("on line %s of statement %s"),
    SEVERAL_FIT("more than one line or fee without a task number fits by time and amount"),
    FOUND_BY_TIME("found by time and amount: the answer of this init was lost"),
    RETURNED("the fee is returned, and the bill lists charges only"),
    BY_HAND("matched by hand"),
    OUTSIDE("the line is outside of the stated period"),
    SUM_STATED("sum of the lines, as the file states it"),
    LINES_STATED("the file states %s lines and has %s"),
    INVOICE("invoice, against the lines that are charges");

    private final String text;

    Detail(String text) {
        this.text = text;
    }

    public String of(Object... values) {
        return text.formatted(values);
    }
}
