package io.liveness.gateway.ledger;

/** An amount of money as the API tells it: a decimal string. */
public record AmountView(String value, String currency) {

    public static AmountView of(Money money) {
        return new AmountView(money.decimal(), money.currency());
    }
}
