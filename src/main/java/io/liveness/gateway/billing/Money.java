package io.liveness.gateway.billing;

import java.math.BigDecimal;
import java.util.Currency;

/**
 * An amount of money.
 *
 * @param minor in minor units of the currency (分 for CNY)
 * @param currency ISO 4217 code
 */
public record Money(long minor, String currency) {

    /** @throws IllegalArgumentException for an unknown currency, or a fraction finer than its minor unit */
    public static Money parse(String decimal, String currency) {
        try {
            int digits = Currency.getInstance(currency).getDefaultFractionDigits();
            return new Money(new BigDecimal(decimal).movePointRight(digits).longValueExact(), currency);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(decimal + " is finer than a minor unit of " + currency, e);
        }
    }

    /** As a decimal string with all fraction digits, for example {@code 0.80}. */
    public String decimal() {
        return amount().toPlainString();
    }

    /** In the currency's main unit, with all fraction digits as its scale. */
    public BigDecimal amount() {
        return BigDecimal.valueOf(minor, Currency.getInstance(currency).getDefaultFractionDigits());
    }
}
