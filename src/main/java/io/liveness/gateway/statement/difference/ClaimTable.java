package io.liveness.gateway.statement.difference;

import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.statement.difference.DifferenceView.Side;
import io.liveness.gateway.statement.matching.MatchKind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The claim to the vendor: one row for each difference, with both sides, without notes and assignees. */
final class ClaimTable implements Table<DifferenceView> {

    private static final List<Column> COLUMNS = List.of(
            new Column("kind", 24),
            new Column("line", 8),
            new Column("taskNo", 28),
            new Column("sessionId", 38),
            new Column("ourStatus", 16),
            new Column("ourAmount", 12),
            new Column("ourCurrency", 12),
            new Column("ourTime", 20),
            new Column("theirStatus", 16),
            new Column("theirAmount", 12),
            new Column("theirCurrency", 12),
            new Column("theirTime", 20),
            new Column("detail", 48));

    private final Origin origin;
    private final Map<MatchKind, Integer> counts = new EnumMap<>(MatchKind.class);

    /**
     * The second sheet: the exporter and the filter.
     *
     * @param by the caller
     */
    record Origin(UUID statement, DifferenceFilter filter, String by, Instant at, ZoneId zone) {}

    ClaimTable(Origin origin) {
        this.origin = origin;
    }

    @Override
    public String name() {
        return "differences";
    }

    @Override
    public String description() {
        StringBuilder text = new StringBuilder("statement=" + origin.statement());
        origin.filter()
                .text()
                .forEach((name, value) ->
                        text.append('&').append(name).append('=').append(value));
        return text.toString();
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public PreparedStatement rows(Connection connection) throws SQLException {
        return ListDifferences.all(connection, origin.statement(), origin.filter());
    }

    @Override
    public DifferenceView read(ResultSet row) throws SQLException {
        return DifferenceView.of(row);
    }

    @Override
    public void write(DifferenceView difference, Cells cells) {
        cells.text(difference.kind().name());
        cells.text(text(difference.line()));
        cells.text(difference.taskNo());
        cells.text(text(difference.sessionId()));
        write(difference.ours(), cells);
        write(difference.theirs(), cells);
        cells.text(difference.detail());
        cells.endRow();
        counts.merge(difference.kind(), 1, Integer::sum);
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    private static void write(Side side, Cells cells) {
        cells.text(side == null ? null : side.status());
        AmountView amount = side == null ? null : side.amount();
        if (amount == null) {
            cells.text(null);
            cells.text(null);
        } else {
            BigDecimal number = new BigDecimal(amount.value());
            cells.number(number, number.scale());
            cells.text(amount.currency());
        }
        cells.time(side == null ? null : side.at());
    }

    @Override
    public void summarize(Cells cells) {
        line(cells, "exportedBy", origin.by());
        cells.text("exportedAt");
        cells.time(origin.at());
        cells.endRow();
        line(cells, "timeZone", origin.zone().getId());
        line(cells, "statement", origin.statement().toString());
        origin.filter().text().forEach((name, value) -> line(cells, name, value));
        cells.endRow();
        counts.forEach((kind, count) -> {
            cells.text(kind.name());
            cells.number(BigDecimal.valueOf(count), 0);
            cells.endRow();
        });
    }

    private static void line(Cells cells, String name, String value) {
        cells.text(name);
        cells.text(value);
        cells.endRow();
    }
}
