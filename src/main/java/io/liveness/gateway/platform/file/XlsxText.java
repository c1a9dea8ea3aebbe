package io.liveness.gateway.platform.file;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of a cell in OOXML (ECMA-376, part 1, 22.9.2.19, ST_Xstring): a character that XML cannot hold is written as {@code _xHHHH_}, and a
 * literal text of that form has its underscore escaped.
 */
public final class XlsxText {

    private static final String NO_XML = "\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF";
    /** An escape begins with an underscore, so the text before it may look like one. */
    private static final Pattern MUST_BE_ESCAPED =
            Pattern.compile("[" + NO_XML + "]|_(?=x[0-9A-Fa-f]{4}[_" + NO_XML + "])");

    private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private XlsxText() {}

    static String of(String text) {
        return mayNeedEscapes(text)
                ? MUST_BE_ESCAPED
                        .matcher(text)
                        .replaceAll(found -> String.format(
                                Locale.ROOT, "_x%04X_", (int) found.group().charAt(0)))
                : text;
    }

    /** Nearly no text has one of these characters. */
    private static boolean mayNeedEscapes(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '_' || c < ' ' || c >= '\uFFFE') {
                return true;
            }
        }
        return false;
    }

    /** The text that a cell has, its escapes replaced. */
    public static String read(String cell) {
        return cell.contains("_x")
                ? ESCAPE.matcher(cell)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))))
                : cell;
    }
}
