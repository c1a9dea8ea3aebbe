package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.Money;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Fees of one currency by where they stand. What was pre-deducted is the sum of the others but adjustments. */
public final class Sums {

    /** Where a fee stands when it is summed: its status, and apart those that came back only by presumption. */
    public enum Standing {
        PRE_DEDUCTED,
        UNCONFIRMED,
        CHARGED,
        REFUNDED,
        /** Refunded since the vendor's answer was lost: its billing rule says so, its word does not. */
        PRESUMED,
        /** No fee: an entry that corrects one. */
        ADJUSTMENT
    }

    /**
     * A number of fees and their sum.
     *
     * @param amount in the units of {@link io.liveness.gateway.books.Money}, of their currency
     */
    public record Figure(long count, long amount) {

        public static final Figure NONE = new Figure(0, 0);

        public Figure plus(Figure other) {
            return new Figure(Math.addExact(count, other.count), Math.addExact(amount, other.amount));
        }
    }

    private final Map<Standing, Figure> figures = new EnumMap<>(Standing.class);

    public void add(Standing standing, Figure figure) {
        figures.merge(standing, figure, Figure::plus);
    }

    public Figure preDeducted() {
        return charged().plus(refunded()).plus(of(Standing.PRE_DEDUCTED)).plus(of(Standing.UNCONFIRMED));
    }

    public Figure charged() {
        return of(Standing.CHARGED);
    }

    /** The refunds, those that are presumed included. */
    public Figure refunded() {
        return of(Standing.REFUNDED).plus(of(Standing.PRESUMED));
    }

    public Figure adjusted() {
        return of(Standing.ADJUSTMENT);
    }

    Figure of(Standing standing) {
        return figures.getOrDefault(standing, Figure.NONE);
    }

    /** Sums as the API tells them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record View(
            String key,
            String currency,
            FigureView preDeducted,
            FigureView charged,
            FigureView refunded,
            FigureView presumed,
            FigureView open,
            FigureView unconfirmed,
            FigureView adjusted,
            String payable) {

        /** @param key of a group; null for the fees without one, whose sum is no total either */
        static View ofGroup(String key, String currency, Sums sums) {
            return of(key, currency, sums, null);
        }

        /** The totals by currency, each with what is to be paid. */
        public static List<View> totals(SortedMap<String, Sums> sums) {
            return sums.entrySet().stream()
                    .map(sum -> total(sum.getKey(), sum.getValue()))
                    .toList();
        }

        private static View total(String currency, Sums sums) {
            Money due = new Money(sums.charged().plus(sums.adjusted()).amount(), currency);
            return of(null, currency, sums, due.payable().decimal());
        }

        private static View of(String key, String currency, Sums sums, String payable) {
            return new View(
                    key,
                    currency,
                    FigureView.of(sums.preDeducted(), currency),
                    FigureView.of(sums.charged(), currency),
                    FigureView.of(sums.refunded(), currency),
                    FigureView.of(sums.of(Standing.PRESUMED), currency),
                    FigureView.of(sums.of(Standing.PRE_DEDUCTED), currency),
                    FigureView.of(sums.of(Standing.UNCONFIRMED), currency),
                    FigureView.of(sums.adjusted(), currency),
                    payable);
        }

        /** A number of fees and their sum, in the API. */
        record FigureView(long count, String amount) {

            static FigureView of(Figure figure, String currency) {
                return new FigureView(figure.count(), new Money(figure.amount(), currency).decimal());
            }
        }
    }
}
