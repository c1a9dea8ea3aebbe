package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.export.FormulaGuard;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * A row as the file has it.
 *
 * @param line of the file that it begins on, from 1
 */
public record RawRow(int line, List<String> cells) {

    boolean isBlank() {
        return cells.stream().allMatch(String::isBlank);
    }

    /** The cell without blanks around it; empty when the row is shorter. */
    String cell(int index) {
        return index < cells.size() ? FormulaGuard.strip(cells.get(index)).strip() : "";
    }

    /** As names are compared: full-width characters as their ordinary forms, without regard to letter case. */
    static String name(String cell) {
        return Normalizer.normalize(FormulaGuard.strip(cell.strip()), Normalizer.Form.NFKC)
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
