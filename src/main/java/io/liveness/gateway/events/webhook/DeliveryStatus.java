package io.liveness.gateway.events.webhook;

/** How far a delivery is. */
enum DeliveryStatus {
    /** It is due or under way, or waits for its next attempt, an earlier event of its session, or a resume. */
    PENDING,
    /** The receiver answered 2xx. */
    DELIVERED,
    /** No more attempts are made, unless it is replayed. */
    FAILED
}
