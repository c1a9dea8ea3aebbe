package io.liveness.gateway.statement.reading;

/**
 * Takes back what an export puts before a text that a spreadsheet would take for a formula: an apostrophe before {@code = + - @}, their
 * full-width forms, tab, CR and LF. So what was exported is read as what it was.
 */
final class TextGuard {

    private static final String GUARDED = "=+-@＝＋－＠\t\r\n";

    private TextGuard() {}

    static String strip(String cell) {
        return cell.length() > 1 && cell.charAt(0) == '\'' && GUARDED.indexOf(cell.charAt(1)) >= 0
                ? cell.substring(1)
                : cell;
    }
}
