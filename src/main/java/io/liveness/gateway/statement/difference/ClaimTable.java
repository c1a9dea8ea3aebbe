package io.liveness.gateway.statement.difference;

import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.difference.DifferenceView.Side;
import io.liveness.gateway.statement.difference.SumDifferences.Sum;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
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

    private static final List<String> SUMS =
            List.of("kind", "differences", "currency", "ourSum", "theirSum", "adjustment");

    private final Origin origin;
    /** Of the thread that reads; the first row is passed on after them. */
    private List<Sum> sums = List.of();

    private Optional<Bill> bill = Optional.empty();

    /** The vendor's own file. */
    private record Bill(String fileName, Instant from, Instant to) {}

    /**
     * The exporter and the filter.
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
        sums = SumDifferences.of(connection, origin.statement(), origin.filter());
        bill = Sql.first(
                connection,
                """
                select file_name, coalesce(period_from, first_at) as begin_at, coalesce(period_to, last_at) as end_at
                from statement where id = ?
                """,
                row -> new Bill(row.getString("file_name"), Sql.time(row, "begin_at"), Sql.time(row, "end_at")),
                origin.statement());
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
    public boolean hasCover() {
        return true;
    }

    /** The cover: whose claim it is, of which bill, and its sums by kind, as acceptance would have them. */
    @Override
    public void summarize(Cells cells) {
        line(cells, "exportedBy", origin.by());
        time(cells, "exportedAt", origin.at());
        line(cells, "timeZone", origin.zone().getId());
        line(cells, "statement", origin.statement().toString());
        bill.ifPresent(of -> {
            line(cells, "fileName", of.fileName());
            time(cells, "from", of.from());
            time(cells, "to", of.to());
        });
        origin.filter().text().forEach((name, value) -> line(cells, name, value));
        cells.endRow();
        SUMS.forEach(cells::text);
        cells.endRow();
        sums.forEach(sum -> {
            cells.text(sum.kind().map(Enum::name).orElse("total"));
            cells.number(BigDecimal.valueOf(sum.count()), 0);
            cells.text(sum.adjustment().currency());
            // Of all kinds together there is none: a line whose amount and status differ has two.
            sum.kind().ifPresentOrElse(kind -> amount(sum.ours(), cells), () -> cells.text(null));
            sum.kind().ifPresentOrElse(kind -> amount(sum.theirs(), cells), () -> cells.text(null));
            amount(sum.adjustment(), cells);
            cells.endRow();
        });
    }

    private static void amount(Money sum, Cells cells) {
        cells.number(sum.amount(), sum.amount().scale());
    }

    private static void time(Cells cells, String name, Instant time) {
        cells.text(name);
        cells.time(time);
        cells.endRow();
    }

    private static void line(Cells cells, String name, String value) {
        cells.text(name);
        cells.text(value);
        cells.endRow();
    }
}
