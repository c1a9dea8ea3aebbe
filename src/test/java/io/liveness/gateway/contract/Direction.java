package io.liveness.gateway.contract;

/** The direction of a value decides which change breaks clients: the service may accept more than before, and return less. */
enum Direction {
    REQUEST,
    RESPONSE;

    boolean breaksWhenNarrowed() {
        return this == REQUEST;
    }
}
