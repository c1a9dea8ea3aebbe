package io.liveness.gateway.platform.file;

/**
 * Prevents spreadsheets from reading text as a formula: an apostrophe is put in front. Text that begins with apostrophes gets one more, so
 * that {@link #strip} restores every text.
 */
public final class FormulaGuard {

    private static final char MARK = '\'';
    // Characters that begin a formula in Excel and LibreOffice, their full-width forms from Chinese input methods,
    // and characters that a CSV reader may drop first.
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
