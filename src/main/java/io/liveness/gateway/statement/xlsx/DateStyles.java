package io.liveness.gateway.statement.xlsx;

import java.util.BitSet;
import java.util.regex.Pattern;

/** Which styles of cells show a number as a date or time. */
final class DateStyles {

    /** Excel has 65,490. */
    private static final int MOST = 65_536;
    /** What is not part of the form itself: text in quotes, escaped characters, fillers, colours and currencies; fractions of a second. */
    private static final Pattern PASSED_OVER =
            Pattern.compile("\"[^\"]*\"?|\\\\.|[_*].|\\[[^\\]]*\\]?|[sS]\\.0+|General", Pattern.DOTALL);

    private static final Pattern OF_TIME = Pattern.compile("[yYmMdDhHsS]");
    private static final Pattern OF_NUMBER = Pattern.compile("[0#?]");

    private final BitSet dates = new BitSet();
    private int count;

    /** Reads the part of the styles. */
    void read(Xml xml) {
        BitSet formats = new BitSet();
        boolean ofCells = false;
        while (xml.next()) {
            if (xml.begins("numFmt")) {
                String code = xml.attribute("formatCode");
                formats.set(index(xml.attribute("numFmtId")), code != null && isDateFormat(code));
            } else if (xml.begins("cellXfs")) {
                ofCells = true;
            } else if (xml.ends("cellXfs")) {
                ofCells = false;
            } else if (ofCells && xml.begins("xf")) {
                int format = index(xml.attribute("numFmtId"));
                dates.set(count++, isBuiltIn(format) || formats.get(format));
                if (count > MOST) {
                    throw xml.refused("has more than " + MOST + " styles");
                }
            }
        }
    }

    /** A part of styles with the same numbers, each of which shows a date by the built-in format 22, or a number. */
    String part() {
        StringBuilder part = new StringBuilder("<styleSheet><cellXfs>");
        for (int style = 0; style < count; style++) {
            part.append("<xf numFmtId=\"")
                    .append(dates.get(style) ? CellText.DATE : 0)
                    .append("\"/>");
        }
        return part.append("</cellXfs></styleSheet>").toString();
    }

    /** Those that are not written down: ECMA-376, part 1, 18.8.30, with the forms of China, Japan and Korea. */
    private static boolean isBuiltIn(int format) {
        return format >= 14 && format <= 22
                || format >= 27 && format <= 36
                || format >= 45 && format <= 47
                || format >= 50 && format <= 58;
    }

    static boolean isDateFormat(String code) {
        String form = PASSED_OVER.matcher(code).replaceAll("").split(";", 2)[0];
        // In [h]:mm the hours are in brackets; the minutes are not.
        return OF_TIME.matcher(form).find() && !OF_NUMBER.matcher(form).find();
    }

    /** Nonsense counts as the first one, which is no date. */
    private static int index(String number) {
        try {
            int index = number == null ? 0 : Integer.parseInt(number);
            return index < 0 || index >= MOST ? 0 : index;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
