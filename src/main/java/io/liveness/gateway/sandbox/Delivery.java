package io.liveness.gateway.sandbox;

/** What becomes of an answer on its way to the caller. */
enum Delivery {
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
    boolean loses() {
        return this != PLAIN && this != SLOW;
    }
}
