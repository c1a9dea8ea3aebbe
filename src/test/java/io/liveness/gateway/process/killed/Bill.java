package io.liveness.gateway.process.killed;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/** A bill of the fees of {@link PastFees}: some are billed otherwise than they are booked, some twice or not, and some lines have no fee. */
final class Bill {

    static final int FEES = 2_000;
    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final int FEN = 80;
    private static final int OTHER_FEN = 99;
    private static final int UNKNOWN = 20;
    /** Of so many fees, one is of each kind of difference. */
    private static final int EVERY = 40;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZONE);

    private final YearMonth month;
    private final StringBuilder file = new StringBuilder("taskNo,time,status,amount\n");
    private final Map<String, Integer> differences = new TreeMap<>();
    private int lines;
    private long difference;

    Bill(YearMonth month) {
        this.month = month;
        for (int n = 1; n <= FEES; n++) {
            fee(n);
        }
        for (int n = 1; n <= UNKNOWN; n++) {
            line("unknown-" + month + "-" + n, n, true, FEN);
            count("MISSING_IN_LEDGER");
        }
    }

    private void fee(int n) {
        boolean charged = PastFees.isCharged(n);
        String taskNo = PastFees.taskNo(month, n);
        difference -= charged ? FEN : 0;
        switch (n % EVERY) {
            case 7 -> count("MISSING_IN_STATEMENT");
            case 11 -> {
                line(taskNo, n, charged, OTHER_FEN);
                count("AMOUNT_DIFFERS");
            }
            case 13 -> {
                line(taskNo, n, !charged, FEN);
                count("STATUS_DIFFERS");
            }
            case 17 -> {
                line(taskNo, n, charged, FEN);
                line(taskNo, n, charged, FEN);
                count("DUPLICATE_LINE");
            }
            default -> line(taskNo, n, charged, FEN);
        }
    }

    private void line(String taskNo, int n, boolean charged, int fen) {
        file.append(taskNo)
                .append(',')
                .append(TIME.format(PastFees.at(month, n)))
                .append(charged ? ",实扣,0." : ",退回,0.")
                .append(fen)
                .append('\n');
        lines++;
        difference += charged ? fen : 0;
    }

    private void count(String kind) {
        differences.merge(kind, 1, Integer::sum);
    }

    String file() {
        return file.toString();
    }

    int lines() {
        return lines;
    }

    /** How many there are of each kind. */
    Map<String, Integer> differences() {
        return differences;
    }

    /** What its charges come to, less what ours come to: as many fees of 0.80. */
    double inFees() {
        return (double) difference / FEN;
    }

    Instant from() {
        return begin(month);
    }

    Instant to() {
        return begin(month.plusMonths(1));
    }

    private static Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZONE).toInstant();
    }
}
