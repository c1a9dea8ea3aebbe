package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.finance.Sums.Standing;
import io.liveness.gateway.ledger.Money;
import java.util.List;
import java.util.SortedMap;

/** Sums as the API tells them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SumsView(
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
    static SumsView ofGroup(String key, String currency, Sums sums) {
        return of(key, currency, sums, null);
    }

    /** By currency, each with what is to be paid. */
    public static List<SumsView> totals(SortedMap<String, Sums> sums) {
        return sums.entrySet().stream()
                .map(sum -> total(sum.getKey(), sum.getValue()))
                .toList();
    }

    private static SumsView total(String currency, Sums sums) {
        Money due = new Money(sums.charged().plus(sums.adjusted()).amount(), currency);
        return of(null, currency, sums, due.payable().decimal());
    }

    private static SumsView of(String key, String currency, Sums sums, String payable) {
        return new SumsView(
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
