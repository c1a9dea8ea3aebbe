package io.liveness.gateway.finance.summary;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.Money;
import java.util.Optional;

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

    /** @param key of a group; empty for the fees without one, whose sum is no total either */
    static SumsView ofGroup(Optional<String> key, String currency, Sums sums) {
        return of(key.orElse(null), currency, sums, null);
    }

    /** A total of a currency, with what is to be paid. */
    public static SumsView total(String currency, Sums sums) {
        Figure due = sums.charged().plus(sums.adjusted());
        return of(
                null,
                currency,
                sums,
                new Money(due.amount(), currency).payable().decimal());
    }

    private static SumsView of(String key, String currency, Sums sums, String payable) {
        return new SumsView(
                key,
                currency,
                FigureView.of(sums.preDeducted(), currency),
                FigureView.of(sums.charged(), currency),
                FigureView.of(sums.refunded(), currency),
                FigureView.of(sums.presumed(), currency),
                FigureView.of(sums.open(), currency),
                FigureView.of(sums.unconfirmed(), currency),
                FigureView.of(sums.adjusted(), currency),
                payable);
    }
}
