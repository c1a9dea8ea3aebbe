package io.liveness.gateway.bill.read;

import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.platform.file.FormulaGuard;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A row as the file has it.
 *
 * @param line of the file that it begins on, from 1
 * @param broken by their index, why cells that have a text cannot be used still
 * @param sheet the name of its sheet, where several have the lines of the bill; else empty
 */
public record RawRow(int line, List<String> cells, Map<Integer, Code> broken, String sheet) {

    /** From the first line of a sheet to that of the next one: line 10000015 is row 15 of the second sheet with lines. */
    static final int LINES_OF_A_SHEET = 10_000_000;

    private static final int LONGEST_SHOWN = 200;

    RawRow(int line, List<String> cells, Map<Integer, Code> broken) {
        this(line, cells, broken, "");
    }

    /** Where a person finds it in the file. */
    String place() {
        return place(line, sheet);
    }

    static String place(int line, String sheet) {
        return sheet.isEmpty() ? "line " + line : "sheet " + sheet + ", row " + line % LINES_OF_A_SHEET;
    }

    boolean isBlank() {
        return cells.stream().allMatch(String::isBlank);
    }

    /** The cell without blanks and marks of text around it; empty when the row is shorter. */
    String bareCell(int index) {
        return index < cells.size() ? bare(cells.get(index)) : "";
    }

    /**
     * The cell loses what says that it is a text: {@code '1795}, {@code ="1795"}, and the backtick of WeChat's bills.
     */
    private static String bare(String cell) {
        String text = FormulaGuard.strip(cell).strip();
        if (text.length() > 3 && text.startsWith("=\"") && text.indexOf('"', 2) == text.length() - 1) {
            return text.substring(2, text.length() - 1).strip();
        }
        return text.startsWith("'") || text.startsWith("`") ? text.substring(1).strip() : text;
    }

    /** The cells as a person is shown them, cut to the first 200 characters of each. */
    public List<String> shown() {
        return cells.stream().map(RawRow::shortened).toList();
    }

    private static String shortened(String cell) {
        String text = cell.codePointCount(0, cell.length()) <= LONGEST_SHOWN
                ? cell
                : cell.substring(0, cell.offsetByCodePoints(0, LONGEST_SHOWN));
        // PostgreSQL stores no NUL.
        return text.replace('\0', '\uFFFD');
    }

    /** Empty when all cells are. */
    String first() {
        return cells.stream()
                .filter(cell -> !cell.isBlank())
                .findFirst()
                .map(RawRow::name)
                .orElse("");
    }

    /**
     * The form in which names are compared: full-width characters as their ordinary forms, all letters in lower case.
     */
    static String name(String cell) {
        return Normalizer.normalize(bare(cell.strip()), Normalizer.Form.NFKC)
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
