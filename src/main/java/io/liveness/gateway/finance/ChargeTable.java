package io.liveness.gateway.finance;

import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.ledger.AmountColumn;
import io.liveness.gateway.ledger.Money;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Row;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Charges, one row each, in the columns of the API; on the second sheet the exporter, the filter, and their sums. */
final class ChargeTable extends PageOrFile.Listing {

    private static final int STATUS = 3;
    private static final int FEE = 5;
    private static final int CURRENCY = 6;
    /** In the order of {@link ListCharges#whole}. */
    private static final List<Column> COLUMNS = List.of(
            new Column("sessionId", 38),
            new Column("caller", 24),
            new Column("taskNo", 28),
            new Column("status", 16),
            new Column("basis", 12),
            new Column("amount", 12, new AmountColumn(CURRENCY)),
            new Column("currency", 10),
            new Column("openedAt", 20, TIME),
            new Column("settledAt", 20, TIME),
            new Column("reference", 24),
            new Column("costCentre", 20));

    private final ChargeFilter filter;
    private final SortedMap<String, Map<FeeStatus, Figure>> sums = new TreeMap<>();

    ChargeTable(ChargeFilter filter, PageOrFile.Order order) {
        super("charges", COLUMNS, order);
        this.filter = filter;
    }

    @Override
    public String rows(Connection connection) throws SQLException {
        return ListCharges.whole(connection, filter);
    }

    @Override
    public void write(Row row, Cells cells) {
        super.write(row, cells);
        sums.computeIfAbsent(row.text(CURRENCY), any -> new EnumMap<>(FeeStatus.class))
                .merge(FeeStatus.valueOf(row.text(STATUS)), new Figure(1, row.number(FEE)), Figure::plus);
    }

    @Override
    public void summarize(Cells cells) {
        order.begin(cells, order.by().actor());
        cells.endRow();
        cells.row("filter", order.filter().isEmpty() ? "none" : null);
        order.filter().forEach(cells::row);
        cells.endRow();
        cells.row("status", "currency", "count", "amount");
        sums.forEach((currency, byStatus) -> {
            byStatus.forEach((status, sum) -> line(cells, status.name(), currency, sum));
            line(cells, "total", currency, byStatus.values().stream().reduce(Figure.NONE, Figure::plus));
        });
    }

    private static void line(Cells cells, String status, String currency, Figure sum) {
        cells.text(status);
        cells.text(currency);
        cells.number(BigDecimal.valueOf(sum.count()));
        cells.number(new Money(sum.amount(), currency).amount());
        cells.endRow();
    }
}
