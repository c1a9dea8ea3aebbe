package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.Money;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a month has in a currency, for the accounting: lines in whole minor units whose sum is zero. Each is rounded by itself, and the
 * remainder is a line too, so that the line {@link Kind#PAYABLE} is the {@code payable} of the summary.
 *
 * @param lines none of them is zero
 */
record Voucher(String currency, List<Line> lines) {

    /** What a line is, in the order of lines. The names are told, in the column {@code kind}. */
    enum Kind {
        /** The charges of a cost centre, with the corrections of this month. */
        FEES,
        /** The corrections of a month that was closed before. */
        CORRECTIONS,
        /** The fees of a cost centre that await their end. */
        ACCRUAL,
        /** What the vendor is owed. */
        PAYABLE,
        /** What the vendor may be owed for open fees. */
        ACCRUED,
        ROUNDING;

        boolean isOfACostCentre() {
            return this == FEES || this == CORRECTIONS || this == ACCRUAL;
        }
    }

    /**
     * A line.
     *
     * @param costCentre null for none
     * @param ofMonth the month that corrections are of, null for this one
     * @param debit a credit when it is negative
     */
    record Line(Kind kind, String costCentre, String ofMonth, Money debit) {}

    /**
     * A sum of the ledger.
     *
     * @param kind one of a cost centre
     * @param costCentre null for none
     * @param ofMonth null for this one
     * @param amount in the units of {@link Money}
     */
    record Booked(Kind kind, String currency, String costCentre, String ofMonth, long amount) {}

    private static final Comparator<Booked> ORDER = Comparator.comparing(Booked::kind)
            .thenComparing(Booked::ofMonth, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Booked::costCentre, Comparator.nullsLast(Comparator.naturalOrder()));

    /** The vouchers of a month by currency; none for a currency in which nothing is to be entered. */
    static List<Voucher> of(List<Booked> booked) {
        SortedMap<String, SortedMap<Booked, Long>> sums = new TreeMap<>();
        booked.forEach(sum -> sums.computeIfAbsent(sum.currency(), any -> new TreeMap<>(ORDER))
                .merge(sum, sum.amount(), Math::addExact));
        return sums.entrySet().stream()
                .map(sum -> of(sum.getKey(), sum.getValue()))
                .filter(voucher -> !voucher.lines().isEmpty())
                .toList();
    }

    private static Voucher of(String currency, SortedMap<Booked, Long> debits) {
        Voucher voucher = new Voucher(currency, new ArrayList<>());
        long payable = 0;
        long accrued = 0;
        for (var debit : debits.entrySet()) {
            Booked of = debit.getKey();
            voucher.add(of.kind(), of.costCentre(), of.ofMonth(), debit.getValue());
            if (of.kind() == Kind.ACCRUAL) {
                accrued = Math.addExact(accrued, debit.getValue());
            } else {
                payable = Math.addExact(payable, debit.getValue());
            }
        }
        voucher.add(Kind.PAYABLE, null, null, -payable);
        voucher.add(Kind.ACCRUED, null, null, -accrued);
        long remainder =
                voucher.lines().stream().mapToLong(line -> line.debit().units()).reduce(0, Math::addExact);
        voucher.add(Kind.ROUNDING, null, null, -remainder);
        return voucher;
    }

    private void add(Kind kind, String costCentre, String ofMonth, long units) {
        Money debit = new Money(units, currency).payable();
        if (debit.units() != 0) {
            lines.add(new Line(kind, costCentre, ofMonth, debit));
        }
    }
}
