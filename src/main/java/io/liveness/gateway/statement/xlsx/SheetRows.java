package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.statement.reading.RawRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of a sheet that are not empty, under the limits of a CSV file's rows. One row is in memory at a time. What no spreadsheet writes
 * is refused: it could be read in two ways.
 */
final class SheetRows implements Iterator<RawRow> {

    private static final Set<String> TYPES = Set.of("n", "s", "str", "inlineStr", "b", "e", "d");
    /** Excel has as many. */
    private static final int MAX_ROWS = 1_048_576;

    private static final int LETTERS = 26;
    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;

    private final Xml xml;
    private final List<String> shared;
    private final DateStyles styles;
    private final CellText text;
    private boolean inRows;
    private int line;
    private RawRow next;

    /**
     * @param xml the part of the sheet
     * @param shared texts that cells share
     */
    SheetRows(Xml xml, List<String> shared, DateStyles styles, CellText text) {
        this.xml = xml;
        this.shared = shared;
        this.styles = styles;
        this.text = text;
        while (!inRows && xml.next()) {
            inRows = xml.begins("sheetData");
        }
    }

    @Override
    public boolean hasNext() {
        while (next == null && inRows && xml.next()) {
            if (xml.begins("row")) {
                line = numbered(xml.attribute("r"));
                next = row();
            } else if (xml.ends("sheetData")) {
                inRows = false;
                finish();
            } else if (xml.begins()) {
                throw xml.unknownForm();
            }
        }
        return next != null;
    }

    @Override
    public RawRow next() {
        hasNext();
        RawRow row = next;
        next = null;
        return row;
    }

    /** To the end of the part, which has its checksum. */
    private void finish() {
        while (xml.next()) {
            if (xml.begins("sheetData")) {
                throw xml.refused("has <sheetData> twice");
            }
        }
    }

    /** Null when it is empty. */
    private RawRow row() {
        List<String> cells = new ArrayList<>();
        Map<Integer, String> broken = new HashMap<>();
        int column = 0;
        int length = 0;
        while (xml.next() && !xml.ends("row")) {
            if (xml.begins("c")) {
                String place = xml.attribute("r");
                column = place == null ? column + 1 : column(place);
                String content = cell();
                if (content.isBlank()) {
                    continue;
                }
                length += content.length();
                if (column > MAX_CELLS || length > MAX_ROW) {
                    throw Damage.ofRow(line, "has more than " + MAX_CELLS + " cells or " + MAX_ROW + " characters");
                }
                while (cells.size() < column) {
                    cells.add("");
                }
                cells.set(column - 1, content);
                if (text.broken() != null) {
                    broken.put(column - 1, text.broken());
                }
            } else if (xml.begins()) {
                throw xml.unknownForm();
            }
        }
        return cells.isEmpty() ? null : new RawRow(line, Collections.unmodifiableList(cells), broken);
    }

    private String cell() {
        String type = xml.attribute("t") == null ? "n" : xml.attribute("t");
        if (!TYPES.contains(type)) {
            throw Damage.ofRow(line, "has a cell of an unknown type");
        }
        boolean date = styles.isDate(xml.attribute("s"));
        String value = null;
        String formula = null;
        while (xml.next() && !xml.ends("c")) {
            if (xml.begins("v")) {
                value = xml.text("v");
            } else if (xml.begins("f")) {
                formula = xml.text("f");
            } else if (xml.begins("is")) {
                value = xml.richText("is");
            } else if (xml.begins()) {
                throw xml.unknownForm();
            }
        }
        boolean isShared = type.equals("s") && value != null && !value.isEmpty();
        return text.of(type, date, isShared ? shared(value) : value, formula);
    }

    private String shared(String index) {
        try {
            return shared.get(Integer.parseInt(index));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw Damage.ofRow(line, "has a cell whose text is not in the file");
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
