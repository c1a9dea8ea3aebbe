package io.liveness.gateway.statement.adjustment;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Adjustments as a file, one row each, and their sums by currency. */
final class AdjustmentTable implements Table<AdjustmentView> {

    private static final List<Column> COLUMNS = List.of(
            new Column("at", 20),
            new Column("amount", 12),
            new Column("currency", 10),
            new Column("countedAt", 20),
            new Column("ofMonth", 10),
            new Column("revokes", 8),
            new Column("kind", 24),
            new Column("sessionId", 38),
            new Column("caller", 24),
            new Column("taskNo", 28),
            new Column("statementId", 38),
            new Column("differenceId", 38),
            new Column("reason", 48),
            new Column("by", 24),
            new Column("confirmedBy", 24));

    private final AdjustmentFilter filter;
    private final String by;
    private final Instant at;
    private final ZoneId zone;
    private final Map<String, BigDecimal> sums = new TreeMap<>();

    /** @param by the actor that requested the file */
    AdjustmentTable(AdjustmentFilter filter, String by, Instant at, ZoneId zone) {
        this.filter = filter;
        this.by = by;
        this.at = at;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "adjustments";
    }

    @Override
    public String description() {
        return filter.text().isEmpty()
                ? "none"
                : filter.text().entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .collect(Collectors.joining("&"));
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public PreparedStatement rows(Connection connection) throws SQLException {
        return ListAdjustments.all(connection, filter);
    }

    @Override
    public AdjustmentView read(ResultSet row) throws SQLException {
        return AdjustmentView.of(row);
    }

    @Override
    public void write(AdjustmentView row, Cells cells) {
        BigDecimal amount = new BigDecimal(row.amount().value());
        cells.time(row.at());
        cells.number(amount, amount.scale());
        cells.text(row.amount().currency());
        cells.time(row.countedAt());
        cells.text(row.ofMonth());
        cells.text(String.valueOf(row.revokes()));
        cells.text(text(row.kind()));
        cells.text(text(row.sessionId()));
        cells.text(row.caller());
        cells.text(row.taskNo());
        cells.text(text(row.statementId()));
        cells.text(text(row.differenceId()));
        cells.text(row.reason());
        cells.text(row.by());
        cells.text(row.confirmedBy());
        cells.endRow();
        sums.merge(row.amount().currency(), amount, BigDecimal::add);
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    @Override
    public void summarize(Cells cells) {
        line(cells, "exportedBy", by);
        cells.text("exportedAt");
        cells.time(at);
        cells.endRow();
        line(cells, "timeZone", zone.getId());
        filter.text().forEach((name, value) -> line(cells, name, value));
        cells.endRow();
        sums.forEach((currency, sum) -> {
            cells.text(currency);
            BigDecimal amount = Money.canonical(sum, currency);
            cells.number(amount, amount.scale());
            cells.endRow();
        });
    }

    private static void line(Cells cells, String name, String value) {
        cells.text(name);
        cells.text(value);
        cells.endRow();
    }
}
