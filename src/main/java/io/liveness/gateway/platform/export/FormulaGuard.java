package io.liveness.gateway.platform.export;

/**
 * Keeps a spreadsheet from taking text for a formula: such a text gets an apostrophe in front. One that has apostrophes there already
 * gets one more, so that {@link #strip} gives back every text as it was.
 */
public final class FormulaGuard {

    private static final char MARK = '\'';
    // What Excel and LibreOffice begin a formula with, the full-width forms that Chinese input methods write, and what
    // a
    // reader of CSV may drop before it looks.
    private static final String BEGINNINGS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private FormulaGuard() {}

    /** The text as it is written. */
    public static String guard(String text) {
        return looksLikeFormula(text) ? MARK + text : text;
    }

    /** The text that {@link #guard} was given; what it did not write is left as it is. */
    public static String strip(String text) {
        return !text.isEmpty() && text.charAt(0) == MARK && looksLikeFormula(text) ? text.substring(1) : text;
    }

    private static boolean looksLikeFormula(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) == MARK) {
            at++;
        }
        return at < text.length() && BEGINNINGS.indexOf(text.charAt(at)) >= 0;
    }
}
