package io.liveness.gateway.platform.export;

import java.util.HexFormat;
import java.util.Locale;

/**
 * Text of a cell in OOXML (ECMA-376, part 1, 22.9.2.19, ST_Xstring): a character that XML cannot hold is written as {@code _xHHHH_}, and a
 * literal text of that form has its underscore escaped.
 */
public final class XlsxText {

    private static final int FORM = "_xHHHH_".length();

    private XlsxText() {}

    static String of(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (mustBeEscaped(text, at)) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + FORM);
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (mustBeEscaped(text, at)) {
                escaped.append(String.format(Locale.ROOT, "_x%04X_", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** The text that a cell has, its escapes replaced. */
    public static String read(String cell) {
        int escape = cell.indexOf("_x");
        if (escape < 0) {
            return cell;
        }
        StringBuilder text = new StringBuilder(cell.length());
        int at = 0;
        while (escape >= 0) {
            text.append(cell, at, escape);
            boolean escaped = isEscape(cell, escape);
            text.append(escaped ? (char) Integer.parseInt(cell.substring(escape + 2, escape + FORM - 1), 16) : '_');
            at = escape + (escaped ? FORM : 1);
            escape = cell.indexOf("_x", at);
        }
        return text.append(cell, at, cell.length()).toString();
    }

    private static boolean isEscape(String cell, int at) {
        return at + FORM <= cell.length() && cell.charAt(at + FORM - 1) == '_' && hasDigits(cell, at);
    }

    private static boolean mustBeEscaped(String text, int at) {
        char c = text.charAt(at);
        return isNoXml(c) || c == '_' && looksEscaped(text, at);
    }

    private static boolean isNoXml(char c) {
        return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == '\uFFFE' || c == '\uFFFF';
    }

    private static boolean looksEscaped(String text, int at) {
        if (at + FORM > text.length() || text.charAt(at + 1) != 'x') {
            return false;
        }
        // An escape begins with an underscore, so the text before it may look like one.
        char last = text.charAt(at + FORM - 1);
        if (last != '_' && !isNoXml(last)) {
            return false;
        }
        return hasDigits(text, at);
    }

    private static boolean hasDigits(String text, int at) {
        for (int digit = at + 2; digit < at + FORM - 1; digit++) {
            if (!HexFormat.isHexDigit(text.charAt(digit))) {
                return false;
            }
        }
        return true;
    }
}
