package io.liveness.gateway.finance.summary;

import io.liveness.gateway.billing.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A number of fees and their sum, in the API. */
@Schema(name = "Figure", description = "A number of fees and their sum.")
record FigureView(
        @Schema(required = true, description = "The number of fees.", minimum = "0")
        long count,

        @Schema(
                required = true,
                description =
                        "Their sum: a decimal number in the currency's main unit, exact, however many decimals the prices have.",
                pattern = "^-?[0-9]+(\\.[0-9]+)?$",
                examples = "0.80")
        String amount) {

    static FigureView of(Figure figure, String currency) {
        return new FigureView(figure.count(), new Money(figure.amount(), currency).decimal());
    }
}
