package io.liveness.gateway.finance.summary;

import io.liveness.gateway.billing.Money;

/** A number of fees and their sum, in the API. */
record FigureView(long count, String amount) {

    static FigureView of(Figure figure, String currency) {
        return new FigureView(figure.count(), new Money(figure.amount(), currency).decimal());
    }
}
