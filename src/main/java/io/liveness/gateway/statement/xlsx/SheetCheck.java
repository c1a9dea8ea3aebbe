package io.liveness.gateway.statement.xlsx;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Looks through a sheet, and through the texts that cells share, for what the library that reads them afterwards would pay for with memory
 * or time without end: far columns, texts that are not there, long numbers, formulas that are copied again and again.
 */
final class SheetCheck {

    /** What a sheet has that its reader has to know. */
    record Facts(boolean hasRows, boolean hasIsoDates, boolean hasUncalculated) {}

    private static final Set<String> TYPES = Set.of("n", "s", "str", "inlineStr", "b", "e", "d");
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
    private int line;
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
        boolean found = false;
        while (xml.next()) {
            if (xml.begins("sheetData")) {
                if (found) {
                    throw xml.refused("has <sheetData> twice");
                }
                found = true;
                check.rows();
            }
        }
        return new Facts(found, check.isoDates, check.uncalculated);
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
                    throw unknownForm(xml);
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
        while (xml.next() && !xml.ends("sheetData")) {
            if (xml.begins("row")) {
                line = numbered(xml.attribute("r"));
                row();
            } else if (xml.begins()) {
                throw unknownForm(xml);
            }
        }
    }

    private void row() {
        int column = 0;
        int last = 0;
        while (xml.next() && !xml.ends("row")) {
            if (xml.begins("c")) {
                String place = xml.attribute("r");
                column = place == null ? column + 1 : column(place);
                last = Math.max(last, column);
                cell();
            } else if (xml.begins()) {
                throw unknownForm(xml);
            }
        }
        places += last;
        if (last > MAX_COLUMNS || places > MOST_PLACES) {
            throw Damage.ofRow(line, "has cells in columns that no bill has; remove their formats, or save it as CSV");
        }
    }

    private void cell() {
        String given = xml.attribute("t");
        String type = given == null ? "n" : given;
        if (!TYPES.contains(type)) {
            throw Damage.ofRow(line, "has a cell of an unknown type");
        }
        isoDates |= type.equals("d");
        boolean formula = false;
        String value = null;
        while (xml.next() && !xml.ends("c")) {
            if (xml.begins("v")) {
                value = xml.text("v");
                require(type, value);
            } else if (xml.begins("f")) {
                formula = true;
                formula();
            } else if (xml.begins("is")) {
                richText();
            } else if (xml.begins()) {
                throw unknownForm(xml);
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

    /** The library takes all text in it for the text of the cell, so it may have no phonetic guide. */
    private void richText() {
        int length = 0;
        while (xml.next() && !xml.ends("is")) {
            if (xml.begins("rPr")) {
                while (xml.next() && !xml.ends("rPr")) {
                    // How it looks.
                }
            } else if (xml.begins() && !xml.begins("r") && !xml.begins("t") && !xml.begins("phoneticPr")) {
                throw unknownForm(xml);
            } else if (xml.isText()) {
                length += xml.text().length();
                xml.requireShort(length);
            }
        }
    }

    private static RuntimeException unknownForm(Xml xml) {
        return xml.refused("has elements in places where no spreadsheet writes them");
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
