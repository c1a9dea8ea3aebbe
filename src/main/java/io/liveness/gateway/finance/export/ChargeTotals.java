package io.liveness.gateway.finance.export;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.FeeStatus;
import io.liveness.gateway.platform.export.Cells;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Number and sum of charges by currency and status. Sums are as large as they become. */
final class ChargeTotals {

    private static final class Sum {
        private long count;
        private BigDecimal amount = BigDecimal.ZERO;

        private void add(BigDecimal more) {
            count++;
            amount = amount.add(more);
        }
    }

    private final SortedMap<String, Map<FeeStatus, Sum>> byCurrency = new TreeMap<>();

    void add(FeeStatus status, Money fee) {
        byCurrency
                .computeIfAbsent(fee.currency(), currency -> new EnumMap<>(FeeStatus.class))
                .computeIfAbsent(status, any -> new Sum())
                .add(fee.amount());
    }

    /** A row for each, below a head, and one for all of a currency. */
    void write(Cells cells) {
        cells.text("status");
        cells.text("currency");
        cells.text("count");
        cells.text("amount");
        cells.endRow();
        byCurrency.forEach((currency, sums) -> {
            Sum all = new Sum();
            sums.forEach((status, sum) -> {
                write(cells, status.name(), currency, sum);
                all.count += sum.count;
                all.amount = all.amount.add(sum.amount);
            });
            write(cells, "total", currency, all);
        });
    }

    private static void write(Cells cells, String status, String currency, Sum sum) {
        cells.text(status);
        cells.text(currency);
        cells.number(BigDecimal.valueOf(sum.count), 0);
        cells.number(sum.amount, sum.amount.scale());
        cells.endRow();
    }
}
