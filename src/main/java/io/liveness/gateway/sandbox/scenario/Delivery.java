package io.liveness.gateway.sandbox.scenario;

/** What becomes of an answer on its way to the caller. */
public enum Delivery {
    PLAIN,
    /** Later than usual. */
    SLOW,
    /** Never, while the connection stays open: the caller gives up. */
    HOLD,
    /** Never, and the connection is closed. */
    DROP,
    /** Cut off in the middle of the JSON. */
    GARBAGE,
    /** An HTML page with status 502, as a proxy in between makes it. */
    HTML,
    /** Status 200 and no body. */
    EMPTY;

    /** Whether the caller can learn nothing from what it gets. */
    public boolean loses() {
        return this != PLAIN && this != SLOW;
    }
}
