package io.liveness.gateway.statement.reading;

import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.StatedStatus;
import io.liveness.gateway.statement.reading.Cells.Unreadable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Reads a row as a line under a mapping. A cell that cannot be read makes the line unreadable; the others are read still. */
final class LineReader {

    private interface Read<T> {
        T of(String cell) throws Unreadable;
    }

    private final Mapping mapping;
    private final Cells cells;
    private final Header header;
    private final Map<String, Integer> columns;
    private String problem;

    LineReader(Mapping mapping, Header header) {
        this.mapping = mapping;
        this.cells = new Cells(mapping);
        this.header = header;
        this.columns = header.columns();
    }

    Line read(RawRow row) {
        problem = null;
        if (hasMoreCells(row)) {
            problem = "has " + row.cells().size() + " cells, the header " + header.width()
                    + ": a cell with a separator in it must be in quotes";
        }
        Optional<String> taskNo = cell(row, "taskNo", cells::taskNo);
        Optional<Instant> at = time(row);
        Optional<StatedStatus> status =
                mapping.status() == null ? cell(row, "status", cells::status) : Optional.of(mapping.status());
        Optional<Long> amount = columns.containsKey("amount") ? cell(row, "amount", cells::amount) : product(row);
        return new Line(row.line(), taskNo, at, status, amount, Optional.ofNullable(problem));
    }

    private Optional<Instant> time(RawRow row) {
        if (!columns.containsKey("date")) {
            return cell(row, "time", cells::time);
        }
        Optional<String> day = cell(row, "date", cells::present);
        return day.flatMap(date -> cell(row, "time", time -> cells.time(date, time)));
    }

    private Optional<Long> product(RawRow row) {
        Optional<Integer> count = cell(row, "count", cells::count);
        Optional<Long> price = cell(row, "price", cells::amount);
        if (count.isEmpty() || price.isEmpty()) {
            return Optional.empty();
        }
        return cell(row, "price", cell -> cells.product(count.get(), price.get()));
    }

    private <T> Optional<T> cell(RawRow row, String field, Read<T> read) {
        try {
            int column = columns.get(field);
            String broken = row.broken().get(column);
            if (broken != null) {
                throw new Unreadable(broken);
            }
            return Optional.of(read.of(row.cell(column)));
        } catch (Unreadable e) {
            if (problem == null) {
                problem = "column " + name(field) + " " + e.getMessage();
            }
            return Optional.empty();
        }
    }

    private String name(String field) {
        return mapping.columns().byField().get(field);
    }

    private boolean hasMoreCells(RawRow row) {
        for (int i = header.width(); i < row.cells().size(); i++) {
            if (!row.cells().get(i).isBlank()) {
                return true;
            }
        }
        return false;
    }
}
