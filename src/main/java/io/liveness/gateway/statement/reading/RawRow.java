package io.liveness.gateway.statement.reading;

import io.liveness.gateway.platform.export.FormulaGuard;
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
public record RawRow(int line, List<String> cells, Map<Integer, String> broken) {

    RawRow(int line, List<String> cells) {
        this(line, cells, Map.of());
    }

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
