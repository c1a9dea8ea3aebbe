package io.liveness.gateway.contract;

/**
 * One difference between two contracts that a client could notice.
 *
 * @param breaking a client made from the older contract may fail, or no longer compiles when made anew
 * @param place the operation, and where in it
 */
record Change(boolean breaking, String place, String what) {

    @Override
    public String toString() {
        return (breaking ? "! " : "+ ") + place + ": " + what;
    }
}
