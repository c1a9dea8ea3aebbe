package io.liveness.gateway.finance.export;

import io.liveness.gateway.finance.AllCharges;
import io.liveness.gateway.finance.ChargeFilter;
import io.liveness.gateway.finance.ChargeRow;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Charges, one row each, in the columns of the API, and their totals. */
final class ChargeTable implements Table {

    private static final List<Column> COLUMNS = List.of(
            new Column("sessionId", 38),
            new Column("caller", 24),
            new Column("taskNo", 28),
            new Column("status", 16),
            new Column("basis", 12),
            new Column("amount", 12),
            new Column("currency", 10),
            new Column("openedAt", 20),
            new Column("settledAt", 20),
            new Column("reference", 24),
            new Column("costCentre", 20));

    private final Origin origin;
    private final ChargeTotals totals = new ChargeTotals();

    /**
     * The second sheet: the exporter and the filter.
     *
     * @param by see {@link io.liveness.gateway.platform.security.Caller#actor}
     */
    record Origin(ChargeFilter filter, String by, Instant at, ZoneId zone) {}

    ChargeTable(Origin origin) {
        this.origin = origin;
    }

    @Override
    public String name() {
        return "charges";
    }

    @Override
    public String description() {
        Map<String, String> given = FilterText.of(origin.filter());
        return given.isEmpty()
                ? "none"
                : given.entrySet().stream()
                        .map(filter -> filter.getKey() + "=" + filter.getValue())
                        .collect(Collectors.joining("&"));
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public Read write(Row row, Cells cells) {
        if (AllCharges.isBeyond(row)) {
            return Read.END;
        }
        if (!AllCharges.isListed(row)) {
            return Read.SKIPPED;
        }
        ChargeRow charge = ChargeRow.of(row);
        cells.text(charge.session().toString());
        cells.text(charge.caller());
        cells.text(charge.taskNo().orElse(null));
        cells.text(charge.status().name());
        cells.text(charge.basis().map(Enum::name).orElse(null));
        BigDecimal amount = charge.amount().amount();
        cells.number(amount, amount.scale());
        cells.text(charge.amount().currency());
        cells.time(charge.opened());
        cells.time(charge.ended().orElse(null));
        cells.text(charge.reference().orElse(null));
        cells.text(charge.costCentre().orElse(null));
        cells.endRow();
        totals.add(charge.status(), charge.amount());
        return Read.WRITTEN;
    }

    @Override
    public void summarize(Cells cells) {
        line(cells, "exportedBy", origin.by());
        cells.text("exportedAt");
        cells.time(origin.at());
        cells.endRow();
        line(cells, "timeZone", origin.zone().getId());
        cells.endRow();
        Map<String, String> filters = FilterText.of(origin.filter());
        line(cells, "filter", filters.isEmpty() ? "none" : null);
        filters.forEach((name, value) -> line(cells, name, value));
        cells.endRow();
        totals.write(cells);
    }

    private static void line(Cells cells, String name, String value) {
        cells.text(name);
        cells.text(value);
        cells.endRow();
    }
}
