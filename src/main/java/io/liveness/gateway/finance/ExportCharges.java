package io.liveness.gateway.finance;

import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.ledger.AmountColumn;
import io.liveness.gateway.ledger.Money;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.export.Row;
import io.liveness.gateway.platform.export.Table;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sends charges as a file. An export by finance is on the audit list before its first byte; a caller's own is not. */
@Singleton
class ExportCharges {

    private static final String NAME = "charges";

    private final Exports exports;
    private final Audit audit;
    private final Clock clock;

    ExportCharges(Exports exports, Audit audit, Clock clock) {
        this.exports = exports;
        this.audit = audit;
        this.clock = clock;
    }

    /** @param zone of the times in the file */
    Response answer(ChargeFilter filter, ChargeViewer by, FileType type, ZoneId zone, HttpServerRequest request) {
        Map<String, String> detail = new LinkedHashMap<>(filter.text());
        detail.put("type", type.label());
        detail.put("timeZone", zone.getId());
        Runnable recorded = () -> {
            if (by.seesAll()) {
                audit.recordExport(NAME, by.actor(), detail);
            }
        };
        ChargeTable table = new ChargeTable(filter, by.actor(), clock.instant(), zone);
        return exports.answer(new Exports.Order(by.caller(), type, zone, table, recorded), request);
    }

    /** Charges, one row each, in the columns of the API; on the second sheet the exporter, the filter, and their sums. */
    private static final class ChargeTable implements Table {

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
        private final String by;
        private final Instant at;
        private final ZoneId zone;
        private final SortedMap<String, Map<FeeStatus, Figure>> sums = new TreeMap<>();

        ChargeTable(ChargeFilter filter, String by, Instant at, ZoneId zone) {
            this.filter = filter;
            this.by = by;
            this.at = at;
            this.zone = zone;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String description() {
            Map<String, String> given = filter.text();
            return given.isEmpty()
                    ? "none"
                    : given.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .collect(Collectors.joining("&"));
        }

        @Override
        public List<Column> columns() {
            return COLUMNS;
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            return ListCharges.whole(connection, filter);
        }

        @Override
        public void write(Row row, Cells cells) {
            Table.super.write(row, cells);
            sums.computeIfAbsent(row.text(CURRENCY), any -> new EnumMap<>(FeeStatus.class))
                    .merge(FeeStatus.valueOf(row.text(STATUS)), new Figure(1, row.number(FEE)), Figure::plus);
        }

        @Override
        public void summarize(Cells cells) {
            cells.row("exportedBy", by);
            cells.row("exportedAt", at);
            cells.row("timeZone", zone.getId());
            cells.endRow();
            Map<String, String> filters = filter.text();
            cells.row("filter", filters.isEmpty() ? "none" : null);
            filters.forEach(cells::row);
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
}
