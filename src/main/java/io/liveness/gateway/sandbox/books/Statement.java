package io.liveness.gateway.sandbox.books;

import io.liveness.gateway.sandbox.check.BookRow;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** The bill as finance gets it. The vendor publishes no format; this is the gateway's default one. */
final class Statement {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private Statement() {}

    /** One line a fee, with the time of its init. */
    static String csv(List<BookRow> rows) {
        return rows.stream().map(Statement::line).collect(Collectors.joining("", "taskNo,time,status,amount\n", ""));
    }

    /** Minor units (分) as decimal yuan: with two decimals, and more where it is finer. */
    static String yuan(BigDecimal amount) {
        BigDecimal yuan = amount.movePointLeft(2).stripTrailingZeros();
        return yuan.setScale(Math.max(2, yuan.scale())).toPlainString();
    }

    private static String line(BookRow row) {
        return String.join(
                        ",",
                        row.taskNo(),
                        TIME.format(row.openedAt()),
                        row.status().word(),
                        yuan(row.amount())) + "\n";
    }
}
