package io.liveness.gateway.bill.read;

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
 */
public record RawRow(int line, List<String> cells, Map<Integer, Why> broken) {

    /** Why a cell cannot be read, for people; it does not repeat the cell. The console has each in its languages. */
    public enum Why {
        EMPTY("is empty"),
        NO_TASK_NO("is not 1 to 64 visible ASCII characters"),
        ROUNDED("is a number that a spreadsheet has rounded; save the column as text"),
        ROUNDED_TO_15(
                "is a number that a spreadsheet has rounded to 15 digits, with zeros behind them; save the column as text"),
        NO_TIME("is no time of 2000 to 2099 in a form of the mapping"),
        NO_STATUS("is no status word of the mapping"),
        NO_COUNT("is no whole number"),
        NEGATIVE("is negative"),
        POSITIVE("is positive, where the mapping has fees as negative numbers"),
        TOO_LARGE("is no amount of a fee: it is too large"),
        NO_AMOUNT("is no amount such as 0.80 or 1,234.50"),
        TOO_FINE("is finer than a ten-thousandth of a minor unit of the currency"),
        ERROR("is an error of a formula"),
        NOT_CALCULATED("is a formula whose value is not in the file; open it in a spreadsheet and save it");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    RawRow(int line, List<String> cells) {
        this(line, cells, Map.of());
    }

    boolean isBlank() {
        return cells.stream().allMatch(String::isBlank);
    }

    /** The cell without blanks and marks of text around it; empty when the row is shorter. */
    String bareCell(int index) {
        return index < cells.size() ? bare(cells.get(index)) : "";
    }

    /** Without what says that it is a text: {@code '1795}, {@code ="1795"}, and the backtick of WeChat's bills. */
    private static String bare(String cell) {
        String text = FormulaGuard.strip(cell).strip();
        if (text.length() > 3 && text.startsWith("=\"") && text.indexOf('"', 2) == text.length() - 1) {
            return text.substring(2, text.length() - 1).strip();
        }
        return text.startsWith("'") || text.startsWith("`") ? text.substring(1).strip() : text;
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
