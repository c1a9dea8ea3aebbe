package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.Mapping.Unit;
import java.util.List;
import java.util.Map;

/** Mappings whose columns are called as their fields. */
public final class TestMapping {

    public static final Columns AMOUNT = new Columns("taskNo", null, "time", "status", "amount", null, null, null);
    static final Columns COUNT_AND_PRICE = new Columns("taskNo", null, "time", "status", null, "count", "price", null);

    private TestMapping() {}

    public static Mapping of(Columns columns, Sign sign, List<String> timeFormats, List<String> totalWords) {
        return new Mapping(
                        columns,
                        timeFormats,
                        "Asia/Shanghai",
                        Map.of("Charged", StatedStatus.CHARGED, "Refunded", StatedStatus.REFUNDED),
                        "CNY",
                        sign,
                        totalWords,
                        null,
                        null)
                .checked();
    }

    /** Without a column of the status. */
    static Mapping of(String amount, Sign sign, Unit unit) {
        return new Mapping(
                        new Columns("taskNo", null, "time", null, amount, null, null, null),
                        List.of("yyyy-MM-dd HH:mm:ss"),
                        "Asia/Shanghai",
                        Map.of(),
                        "CNY",
                        sign,
                        List.of("合计"),
                        sign.isStatus() ? null : StatedStatus.CHARGED,
                        unit)
                .checked();
    }

    public static Mapping of(Columns columns) {
        return of(columns, Sign.POSITIVE, List.of("yyyy-MM-dd HH:mm:ss"), List.of("合计"));
    }
}
