package io.liveness.gateway.statement.reading;

import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.reading.Cells.Unreadable;
import io.liveness.gateway.statement.reading.Reading.Totals;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The row at the end of a file that states its totals: its first cell begins with a word of the mapping, and it is no line. */
final class TotalsRow {

    private static final Pattern COUNT = Pattern.compile("\\D{0,3}?(\\d{1,9})\\s?[笔条]?");

    private final List<String> words;
    private final Cells cells;
    private final Header header;
    private final LineReader lines;

    TotalsRow(Mapping mapping, Header header, LineReader lines) {
        this.words = mapping.totalWords().stream().map(RawRow::name).toList();
        this.cells = new Cells(mapping);
        this.header = header;
        this.lines = lines;
    }

    /** Empty when the row holds no totals. */
    Optional<Totals> read(RawRow row) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String first = row.cells().stream()
                .filter(cell -> !cell.isBlank())
                .findFirst()
                .map(RawRow::name)
                .orElse("");
        // A line may begin so too, as one with the name of a product does.
        return words.stream().anyMatch(first::startsWith)
                        && lines.read(row).problem().isPresent()
                ? Optional.of(totals(row))
                : Optional.empty();
    }

    /** The sum is in the column of the amount, the number of lines in the first other cell that is one. */
    private Totals totals(RawRow row) {
        Integer amount = header.columns().get("amount");
        Optional<Long> sum = amount == null ? Optional.empty() : sum(row.cell(amount));
        Optional<Integer> lines = Optional.empty();
        boolean label = true;
        for (int i = 0; i < row.cells().size() && lines.isEmpty(); i++) {
            String cell = row.cell(i);
            if (!cell.isEmpty() && !label && (amount == null || i != amount)) {
                Matcher count = COUNT.matcher(cell);
                lines = count.matches() ? Optional.of(Integer.valueOf(count.group(1))) : Optional.empty();
            }
            label &= cell.isEmpty();
        }
        return new Totals(row.line(), lines, sum);
    }

    private Optional<Long> sum(String cell) {
        try {
            return Optional.of(cells.amount(cell));
        } catch (Unreadable e) {
            return Optional.empty();
        }
    }
}
