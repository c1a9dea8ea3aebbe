package io.liveness.gateway.billing;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An amount of money as the API tells it: a decimal string. */
@Schema(name = "Amount", description = "An amount of money: the unit price in force when the fee was taken.")
public record AmountView(
        @Schema(
                required = true,
                description =
                        "Decimal number in the currency's main unit, exact: with the decimals of the minor unit, and up to four more"
                                + " where it is finer (CNY: two to six decimals).",
                pattern = "^-?[0-9]+(\\.[0-9]+)?$",
                examples = "0.80")
        String value,

        @Schema(required = true, description = "ISO 4217.", pattern = "^[A-Z]{3}$", examples = "CNY")
        String currency) {

    public static AmountView of(Money money) {
        return new AmountView(money.decimal(), money.currency());
    }
}
