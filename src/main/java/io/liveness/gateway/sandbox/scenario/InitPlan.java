package io.liveness.gateway.sandbox.scenario;

/**
 * What init does.
 *
 * @param fee whether the fee is pre-deducted
 * @param token whether the answer carries token and checkUrl
 */
public record InitPlan(boolean fee, int code, Charge charge, boolean token, Delivery delivery) {

    /** The billing flag of the answer. */
    public enum Charge {
        TRUE,
        FALSE,
        ABSENT
    }

    static final InitPlan ACCEPTED = new InitPlan(true, VendorCode.SUCCESS, Charge.TRUE, true, Delivery.PLAIN);

    static InitPlan refused(int code) {
        return new InitPlan(false, code, Charge.FALSE, false, Delivery.PLAIN);
    }

    /** An init that did all it should, while its answer fares badly. */
    static InitPlan accepted(Delivery delivery) {
        return new InitPlan(true, VendorCode.SUCCESS, Charge.TRUE, true, delivery);
    }

    /** An init that did nothing, without the caller learning so. */
    static InitPlan nothing(Delivery delivery) {
        return new InitPlan(false, VendorCode.SUCCESS, Charge.FALSE, false, delivery);
    }

    /** A fee is always tied to a token, whether or not the caller gets to see it: that is how it returns by itself. */
    public boolean opensCheck() {
        return fee || token;
    }
}
