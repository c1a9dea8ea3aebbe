package io.liveness.gateway.books;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of money, which may be finer than anybody can pay: a price of a check is.
 *
 * @param units ten-thousandths of a minor unit of the currency (0.000001 CNY), as all amounts are stored
 * @param currency ISO 4217 code
 */
public record Money(long units, String currency) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d+)?)\\s+([A-Z]{3})");
    private static final int UNITS_OF_A_MINOR_UNIT = 10_000;
    private static final int DIGITS_BEYOND_A_MINOR_UNIT = 4;

    /** Parses an amount as configuration has it, such as {@code 100.00 CNY}: properties of this type are read by it. */
    public static Money of(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("must be <amount> <currency>");
        }
        return parse(form.group(1), form.group(2));
    }

    /** @throws IllegalArgumentException for an unknown currency, or an amount that is finer than a unit or far too large */
    public static Money parse(String decimal, String currency) {
        int digits = minorDigits(currency) + DIGITS_BEYOND_A_MINOR_UNIT;
        try {
            return new Money(new BigDecimal(decimal).movePointRight(digits).longValueExact(), currency);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    decimal + " has more than " + digits + " decimals, which is the most of " + currency
                            + ", or is too large",
                    e);
        }
    }

    /** The whole minor units in it (分 for CNY). What is beyond them is left out. */
    public long minorUnits() {
        return units / UNITS_OF_A_MINOR_UNIT;
    }

    /** Whether it can be paid as it is: it has no fraction of a minor unit. */
    public boolean isPayable() {
        return units % UNITS_OF_A_MINOR_UNIT == 0;
    }

    /** What is paid of it: rounded half up to a minor unit. Round a total, once; neither its parts nor what is computed further. */
    public Money payable() {
        long minor = BigDecimal.valueOf(units, DIGITS_BEYOND_A_MINOR_UNIT)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        return new Money(minor * UNITS_OF_A_MINOR_UNIT, currency);
    }

    /** The amount as a decimal string with the digits of a minor unit, and with more where it is finer: {@code 0.80}, {@code 0.805}. */
    public String decimal() {
        return amount().toPlainString();
    }

    /** The amount in the currency's main unit, with the digits of {@link #decimal} as its scale. */
    public BigDecimal amount() {
        int digits = minorDigits(currency);
        return isPayable()
                ? BigDecimal.valueOf(minorUnits(), digits)
                : BigDecimal.valueOf(units, digits + DIGITS_BEYOND_A_MINOR_UNIT).stripTrailingZeros();
    }

    /** {@link #amount()} of a sum, which may be more than one amount can be. */
    public static BigDecimal amount(BigDecimal units, String currency) {
        int digits = minorDigits(currency);
        BigDecimal sum =
                units.movePointLeft(digits + DIGITS_BEYOND_A_MINOR_UNIT).stripTrailingZeros();
        return sum.scale() > digits ? sum : sum.setScale(digits);
    }

    private static int minorDigits(String currency) {
        return Currency.getInstance(currency).getDefaultFractionDigits();
    }

    /** Whether an amount is beyond this limit: it is larger, or in another currency. @param units as in {@link #units} */
    public boolean isExceededBy(BigDecimal units, String currency) {
        return !this.currency.equals(currency) || units.compareTo(BigDecimal.valueOf(this.units)) > 0;
    }

    /** @param other of the same currency */
    public Money plus(Money other) {
        return new Money(Math.addExact(units, other.units), currency);
    }
}
