package io.liveness.gateway.statement.reading;

import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.reading.Cells.Unreadable;
import io.liveness.gateway.statement.reading.Reading.Totals;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows below the header that are no lines: that which states the file's totals, whose first cell begins with a word of the mapping, and
 * those that are passed over, which repeat the header, state a part of the totals (小计, or 合计 of a day or a page) or are a remark (#).
 */
final class TotalsRow {

    /** What a row below the header is. */
    enum Kind {
        LINE,
        TOTALS,
        PASSED_OVER
    }

    private static final List<String> PARTS = List.of("小计", "subtotal");
    /** What the totals of a day or of a page end with: 2026-11-24 合计. */
    private static final List<String> ENDS = List.of("小计", "合计", "总计", "日计", "subtotal", "total");

    private static final String REMARK = "#";

    private static final Pattern COUNT = Pattern.compile("\\D{0,3}?(\\d{1,9})\\s?[笔条]?");

    private final List<String> words;
    private final Mapping mapping;
    private final Cells cells;
    private final Header header;
    private final LineReader lines;

    TotalsRow(Mapping mapping, Header header, LineReader lines) {
        this.mapping = mapping;
        this.words = mapping.totalWords().stream().map(RawRow::name).toList();
        this.cells = new Cells(mapping);
        this.header = header;
        this.lines = lines;
    }

    Kind kind(RawRow row) {
        String first = row.first();
        boolean total = words.stream().anyMatch(first::startsWith);
        boolean part = PARTS.stream().anyMatch(first::startsWith) || (isPart(row, first) && !header.isFilledBy(row));
        // #N/A is the error of a formula, of a line.
        boolean remark = first.startsWith(REMARK) && !header.isFilledBy(row);
        // A line may begin so too, as one with the name of a product does.
        if ((total || part || remark) && lines.read(row).problem().isPresent()) {
            return total ? Kind.TOTALS : Kind.PASSED_OVER;
        }
        String taskNo = row.cell(header.columns().get("taskNo"));
        return taskNo.equalsIgnoreCase(mapping.columns().taskNo().strip())
                        && Header.attempt(row, mapping).isHeader()
                ? Kind.PASSED_OVER
                : Kind.LINE;
    }

    private boolean isPart(RawRow row, String first) {
        String number = RawRow.name(row.cell(header.columns().get("taskNo")));
        if (number.isEmpty()) {
            return row.cells().stream().map(RawRow::name).anyMatch(cell -> endsAsPart(cell, first));
        }
        return number.equals(first) && endsAsPart(first, first);
    }

    /** A row that begins with nothing but such a word has the totals of the file, if it has any. */
    private static boolean endsAsPart(String cell, String first) {
        return ENDS.stream().anyMatch(end -> cell.endsWith(end) && !(cell.equals(first) && cell.equals(end)));
    }

    /** The sum is in the column of the amount, the number of lines in the first other cell that is one. */
    Totals totals(RawRow row) {
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
