package io.liveness.gateway.contract;

/** Which way a value goes decides what breaks: the service may accept more than before, and say less. */
enum Direction {
    REQUEST,
    RESPONSE;

    boolean breaksWhenNarrowed() {
        return this == REQUEST;
    }
}
