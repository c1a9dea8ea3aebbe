package io.liveness.gateway.bill.read;

/** Why a cell cannot be read, for people; it does not repeat the cell. The console has each in its languages. */
public enum Why {
    EMPTY("is empty"),
    NO_TASK_NO("is not 1 to 64 visible ASCII characters"),
    ROUNDED("is a number that a spreadsheet has rounded; save the column as text"),
    ROUNDED_TO_15(
            "is a number that a spreadsheet has rounded to 15 digits, with zeros behind them; save the column as text"),
    NO_TIME("is no time of 2000 to 2099 in a form of the mapping"),
    NO_STATUS("is no status word of the mapping"),
    NO_COUNT("is no whole number"),
    NEGATIVE("is negative"),
    POSITIVE("is positive, where the mapping has fees as negative numbers"),
    TOO_LARGE("is no amount of a fee: it is too large"),
    NO_AMOUNT("is no amount such as 0.80 or 1,234.50"),
    TOO_FINE("is finer than a ten-thousandth of a minor unit of the currency"),
    ERROR("is an error of a formula"),
    NOT_CALCULATED("is a formula whose value is not in the file; open it in a spreadsheet and save it");

    private final String text;

    Why(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
