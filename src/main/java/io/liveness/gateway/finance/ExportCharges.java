package io.liveness.gateway.finance;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.export.Table;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
    private static final class ChargeTable implements Table<ChargeView> {

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

        private final ChargeFilter filter;
        private final String by;
        private final Instant at;
        private final ZoneId zone;
        private final SortedMap<String, Map<FeeStatus, Sum>> sums = new TreeMap<>();

        ChargeTable(ChargeFilter filter, String by, Instant at, ZoneId zone) {
            this.filter = filter;
            this.by = by;
            this.at = at;
            this.zone = zone;
        }

        /** As large as it becomes. */
        private static final class Sum {
            private long count;
            private BigDecimal amount = BigDecimal.ZERO;

            private void add(long more, BigDecimal of) {
                count += more;
                amount = amount.add(of);
            }
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
        public PreparedStatement rows(Connection connection) throws SQLException {
            return ListCharges.whole(connection, filter);
        }

        @Override
        public ChargeView read(ResultSet row) throws SQLException {
            return ChargeView.of(row);
        }

        @Override
        public void write(ChargeView charge, Cells cells) {
            BigDecimal amount = new BigDecimal(charge.amount().value());
            String currency = charge.amount().currency();
            cells.text(charge.sessionId().toString());
            cells.text(charge.caller());
            cells.text(charge.taskNo());
            cells.text(charge.status().name());
            cells.text(charge.basis() == null ? null : charge.basis().name());
            cells.number(amount, amount.scale());
            cells.text(currency);
            cells.time(charge.openedAt());
            cells.time(charge.settledAt());
            cells.text(charge.reference());
            cells.text(charge.costCentre());
            cells.endRow();
            sums.computeIfAbsent(currency, any -> new EnumMap<>(FeeStatus.class))
                    .computeIfAbsent(charge.status(), any -> new Sum())
                    .add(1, amount);
        }

        @Override
        public void summarize(Cells cells) {
            line(cells, "exportedBy", by);
            cells.text("exportedAt");
            cells.time(at);
            cells.endRow();
            line(cells, "timeZone", zone.getId());
            cells.endRow();
            Map<String, String> filters = filter.text();
            line(cells, "filter", filters.isEmpty() ? "none" : null);
            filters.forEach((name, value) -> line(cells, name, value));
            cells.endRow();
            List.of("status", "currency", "count", "amount").forEach(cells::text);
            cells.endRow();
            sums.forEach((currency, byStatus) -> {
                Sum total = new Sum();
                byStatus.forEach((status, sum) -> {
                    total.add(sum.count, sum.amount);
                    line(cells, status.name(), currency, sum);
                });
                line(cells, "total", currency, total);
            });
        }

        private static void line(Cells cells, String name, String value) {
            cells.text(name);
            cells.text(value);
            cells.endRow();
        }

        private static void line(Cells cells, String status, String currency, Sum sum) {
            cells.text(status);
            cells.text(currency);
            cells.number(BigDecimal.valueOf(sum.count), 0);
            BigDecimal amount = Money.canonical(sum.amount, currency);
            cells.number(amount, amount.scale());
            cells.endRow();
        }
    }
}
