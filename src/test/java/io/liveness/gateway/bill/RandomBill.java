package io.liveness.gateway.bill;

import io.liveness.gateway.bill.Books.Fee;
import java.time.Instant;
import java.util.Random;

/** Fees, and a bill with missing, different, duplicate and unknown lines. Amounts are in 分. */
final class RandomBill {

    private static final int FEES = 8;

    private final StringBuilder file = new StringBuilder(Work.HEADER);
    private final Random random;
    private long ours;
    private long theirs;

    RandomBill(Books books, Random random, Instant from) {
        this.random = random;
        for (int i = 0; i < FEES; i++) {
            boolean charged = random.nextBoolean();
            Fee fee = charged ? books.charged(from.plusSeconds(i)) : books.refunded(from.plusSeconds(i));
            ours += charged ? 800_000 : 0;
            // The first fee at least is billed otherwise than it is booked.
            int lines = i == 0 ? 1 : random.nextInt(3);
            for (int line = 0; line < lines; line++) {
                line(fee, i == 0 ? 99 : 80 + random.nextInt(3) * 5);
            }
        }
        line(new Fee(null, books.taskNo(), from, null), 70);
    }

    private void line(Fee fee, int amount) {
        boolean charged = random.nextBoolean();
        theirs += charged ? amount * 10_000L : 0;
        file.append(fee.line(fee.at(), charged ? "实扣" : "退回", "0." + amount));
    }

    String file() {
        return file.toString();
    }

    /** What our fees come to. */
    long ours() {
        return ours;
    }

    /** What the bill comes to. */
    long theirs() {
        return theirs;
    }
}
