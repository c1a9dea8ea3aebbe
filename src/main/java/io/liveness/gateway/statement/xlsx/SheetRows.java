package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.statement.reading.RawRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The rows of a sheet that are not empty, read as they come, under the limits of a CSV file's rows. */
final class SheetRows implements Iterator<RawRow> {

    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;
    /** Excel has as many. */
    private static final int MAX_ROWS = 1_048_576;

    private static final int LETTERS = 26;

    private final Xml xml;
    private final SheetCell cell;
    private int line;
    private int length;
    private RawRow next;

    SheetRows(Xml xml, SheetCell cell) {
        this.xml = xml;
        this.cell = cell;
    }

    @Override
    public boolean hasNext() {
        while (next == null && xml.next()) {
            if (xml.begins("row")) {
                line = numbered(xml.attribute("r"));
                RawRow row = row();
                next = row.cells().isEmpty() ? null : row;
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

    private RawRow row() {
        List<String> cells = new ArrayList<>();
        Map<Integer, String> broken = new HashMap<>();
        length = 0;
        int column = 0;
        while (xml.next() && !xml.ends("row")) {
            if (xml.begins("c")) {
                String place = xml.attribute("r");
                column = place == null ? column + 1 : column(place);
                String text = cell.read(line);
                if (!text.isBlank()) {
                    put(cells, column - 1, text);
                    String why = cell.broken();
                    if (why != null) {
                        broken.put(column - 1, why);
                    }
                }
            }
        }
        return new RawRow(line, Collections.unmodifiableList(cells), broken);
    }

    private void put(List<String> cells, int index, String text) {
        length += text.length();
        if (index >= MAX_CELLS || length > MAX_ROW) {
            throw Damage.ofRow(line, "has more than " + MAX_CELLS + " cells or " + MAX_ROW + " characters");
        }
        while (cells.size() <= index) {
            cells.add("");
        }
        cells.set(index, text);
    }

    private int numbered(String given) {
        int number = given == null ? line + 1 : digits(given, 0);
        if (number <= line || number > MAX_ROWS) {
            throw Damage.ofPart(xml.part(), "has a row with a wrong number after row " + line);
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
