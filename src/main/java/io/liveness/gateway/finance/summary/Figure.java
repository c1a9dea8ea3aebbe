package io.liveness.gateway.finance.summary;

/**
 * A number of fees and their sum.
 *
 * @param amount in the units of {@link io.liveness.gateway.billing.Money}, of their currency
 */
public record Figure(long count, long amount) {

    public static final Figure NONE = new Figure(0, 0);

    public Figure plus(Figure other) {
        return new Figure(Math.addExact(count, other.count), Math.addExact(amount, other.amount));
    }
}
