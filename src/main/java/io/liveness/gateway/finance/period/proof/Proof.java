package io.liveness.gateway.finance.period.proof;

import io.liveness.gateway.finance.period.proof.ProofRow.Kind;
import io.liveness.gateway.finance.summary.Figure;
import io.liveness.gateway.finance.summary.Sums;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The hash over the rows of a month, and their sums; computed page by page in constant memory. */
public final class Proof {

    private final MessageDigest digest = newDigest();
    private final Map<String, Map<Kind, Figure>> figures = new HashMap<>();
    private long rows;

    public void add(List<ProofRow> page) {
        digest.update(ProofText.of(page));
        rows += page.size();
        page.forEach(row -> figures.computeIfAbsent(row.amount().currency(), any -> new EnumMap<>(Kind.class))
                .merge(row.kind(), new Figure(1, row.amount().minor()), Figure::plus));
    }

    public long rows() {
        return rows;
    }

    /** In hexadecimal digits, as {@code sha256sum} prints it. Call it once, at the end. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Whether the sums of the ledger equal the summary of the sessions, and every fee has ended: pre-deductions = charges + refunds.
     *
     * @param sums by currency
     */
    public boolean agreesWith(SortedMap<String, Sums> sums) {
        return sums.keySet().equals(figures.keySet())
                && sums.entrySet().stream().allMatch(sum -> agrees(sum.getValue(), figures.get(sum.getKey())));
    }

    private static boolean agrees(Sums sums, Map<Kind, Figure> ledger) {
        return of(Kind.PRE_DEDUCT, ledger).equals(sums.preDeducted())
                && of(Kind.CHARGE, ledger).equals(sums.charged())
                && of(Kind.REFUND, ledger).equals(sums.refunded())
                && of(Kind.ADJUSTMENT, ledger).equals(sums.adjusted())
                && sums.charged().plus(sums.refunded()).equals(sums.preDeducted());
    }

    private static Figure of(Kind kind, Map<Kind, Figure> ledger) {
        return ledger.getOrDefault(kind, Figure.NONE);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has it", e);
        }
    }
}
