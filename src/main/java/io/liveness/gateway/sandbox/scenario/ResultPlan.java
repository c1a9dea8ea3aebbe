package io.liveness.gateway.sandbox.scenario;

/**
 * The faults of the first result calls of a check.
 *
 * @param calls how many of them
 * @param code answered in place of the verdict; {@link VendorCode#SUCCESS} leaves the answer as it would be
 */
public record ResultPlan(int calls, int code, Delivery delivery) {

    static final ResultPlan SMOOTH = new ResultPlan(0, VendorCode.SUCCESS, Delivery.PLAIN);

    static ResultPlan refused(int calls, int code) {
        return new ResultPlan(calls, code, Delivery.PLAIN);
    }

    /** The vendor does settle the check then; only its answer is lost. */
    static ResultPlan lost(int calls, Delivery delivery) {
        return new ResultPlan(calls, VendorCode.SUCCESS, delivery);
    }

    public boolean refuses(int call) {
        return call <= calls && code != VendorCode.SUCCESS;
    }

    public Delivery delivery(int call) {
        return call <= calls ? delivery : Delivery.PLAIN;
    }
}
