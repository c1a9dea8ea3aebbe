package io.liveness.gateway.statement.xlsx;

import java.util.HashMap;
import java.util.Map;

/**
 * Looks through a sheet, and through the texts that cells share, for what the library that reads them afterwards would pay for with memory
 * or time without end: far columns, texts that are not there, long texts and numbers, formulas that are copied again and again. It looks at
 * cells wherever they are, as the library does.
 */
final class SheetCheck {

    /** What a sheet has that its reader has to know. */
    record Facts(boolean hasRows, boolean hasIsoDates, boolean hasUncalculated) {}

    /** Excel has as many. */
    private static final int MAX_ROWS = 1_048_576;

    private static final int MAX_COLUMNS = 16_384;

    private static final int LETTERS = 26;
    /** The library has a place for each column up to the last one that a row has. */
    private static final long MOST_PLACES = 100_000_000;

    private static final int LONGEST_NUMBER = 400;
    private static final int LONGEST_FORMULA = 8_192;
    /** Characters of formulas that other cells have too: the library keeps them. */
    private static final long MOST_KEPT = 4_000_000;
    /** Characters of formulas that cells have from another one: the library writes each of them out. */
    private static final long MOST_COPIED = 1_000_000_000;
    /** The library looks for each cell through all of them. */
    private static final int MOST_ARRAYS = 100;

    private static final int MOST_SHARED = 4_000_000;
    /** Of a String and its array, in bytes, with their place in a list. */
    private static final int OF_A_STRING = 48;

    private static final int LATIN = 0x100;

    private final Xml xml;
    private final int strings;
    private final Map<String, Integer> formulas = new HashMap<>();
    private boolean hasRows;
    private int line;
    private int column;
    private int last;
    private long places;
    private long kept;
    private long copied;
    private int arrays;
    private boolean isoDates;
    private boolean uncalculated;

    private SheetCheck(Xml xml, int strings) {
        this.xml = xml;
        this.strings = strings;
    }

    /** @param strings how many texts the workbook's cells share */
    static Facts sheet(Xml xml, int strings) {
        SheetCheck check = new SheetCheck(xml, strings);
        while (xml.next()) {
            if (xml.begins("sheetData")) {
                check.rows();
            } else if (xml.begins("row")) {
                check.row();
            } else if (xml.begins("c")) {
                check.cell();
            }
        }
        return new Facts(check.hasRows, check.isoDates, check.uncalculated);
    }

    /** Counts the texts that cells share. */
    static int strings(Xml xml, long mostBytes) {
        int count = 0;
        long bytes = 0;
        while (xml.next()) {
            if (!xml.begins("si")) {
                continue;
            }
            int length = 0;
            int wide = 1;
            while (xml.next() && !xml.ends("si")) {
                if (xml.begins("si")) {
                    throw xml.refused("has texts in places where no spreadsheet writes them");
                }
                if (xml.isText()) {
                    String text = xml.text();
                    length += text.length();
                    wide = wide == 1 && text.chars().allMatch(c -> c < LATIN) ? 1 : 2;
                    xml.requireShort(length);
                }
            }
            count++;
            bytes += OF_A_STRING + (long) length * wide;
            if (count > MOST_SHARED || bytes > mostBytes) {
                throw xml.refused("has more than " + MOST_SHARED + " texts or " + mostBytes
                        + " bytes of texts; save it as CSV, or in parts of a shorter period");
            }
        }
        return count;
    }

    private void rows() {
        if (hasRows) {
            throw xml.refused("has <sheetData> twice");
        }
        hasRows = true;
    }

    private void row() {
        line = numbered(xml.attribute("r"));
        column = 0;
        last = 0;
    }

    private void cell() {
        String place = xml.attribute("r");
        column = place == null ? column + 1 : column(place);
        places += Math.max(0, column - last);
        last = Math.max(last, column);
        if (column > MAX_COLUMNS || places > MOST_PLACES) {
            throw Damage.ofRow(line, "has cells in columns that no bill has; remove their formats, or save it as CSV");
        }
        String type = xml.attribute("t") == null ? "n" : xml.attribute("t");
        isoDates |= type.equals("d");
        boolean formula = false;
        String value = null;
        int length = 0;
        while (xml.next() && !xml.ends("c")) {
            if (xml.begins("v")) {
                value = xml.text("v");
                require(type, value);
            } else if (xml.begins("f")) {
                formula = true;
                formula();
            } else if (xml.begins("c")) {
                throw xml.refused("has a cell in a cell");
            } else if (xml.isText()) {
                length += xml.text().length();
                xml.requireShort(length);
            }
        }
        uncalculated |= formula && type.equals("n") && "".equals(value);
    }

    private void require(String type, String value) {
        if (type.equals("s") && !value.isEmpty() && !isOf(strings, value)) {
            throw Damage.ofRow(line, "has a cell whose text is not in the file");
        }
        if (type.equals("n") && value.length() > LONGEST_NUMBER) {
            throw Damage.ofRow(line, "has a number of more than " + LONGEST_NUMBER + " characters");
        }
    }

    private static boolean isOf(int count, String index) {
        try {
            int number = Integer.parseInt(index);
            return number >= 0 && number < count;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void formula() {
        String type = xml.attribute("t");
        String range = xml.attribute("ref");
        String shared = "shared".equals(type) ? xml.attribute("si") : null;
        int length = xml.text("f").length();
        if (shared != null && range != null) {
            formulas.put(shared, length);
            kept += OF_A_STRING + length;
        } else if (shared != null) {
            copied += formulas.getOrDefault(shared, 0);
        }
        arrays += "array".equals(type) ? 1 : 0;
        boolean known = shared == null || formulas.containsKey(shared);
        boolean tooMuch = kept > MOST_KEPT || copied > MOST_COPIED || arrays > MOST_ARRAYS;
        if (!known || length > LONGEST_FORMULA || tooMuch) {
            throw Damage.ofRow(
                    line,
                    "has a formula that is too long, repeated too often, or of which the file lacks"
                            + " the beginning; save it with values in place of formulas");
        }
    }

    private int numbered(String given) {
        int number = given == null ? line + 1 : digits(given, 0);
        if (number <= line || number > MAX_ROWS) {
            throw xml.refused("has a row with a wrong number after row " + line);
        }
        return number;
    }

    /** Of {@code B12} 2. */
    private int column(String place) {
        int column = 0;
        int at = 0;
        while (at < place.length() && at <= 3 && place.charAt(at) >= 'A' && place.charAt(at) <= 'Z') {
            column = column * LETTERS + place.charAt(at++) - 'A' + 1;
        }
        if (column == 0 || digits(place, at) != line) {
            throw Damage.ofRow(line, "has a cell whose reference is not in this row");
        }
        return column;
    }

    /** 0 when it is no number of at most seven digits. */
    private static int digits(String text, int from) {
        int number = 0;
        for (int at = from; at < text.length(); at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9' || at - from == 7) {
                return 0;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }
}
