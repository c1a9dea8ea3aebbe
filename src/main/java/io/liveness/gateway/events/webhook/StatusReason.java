package io.liveness.gateway.events.webhook;

/** Why an endpoint is not ACTIVE. */
enum StatusReason {
    /** Its owner paused it. */
    OWNER,
    /** All attempts failed for {@code liveness.webhook.pause-after}. */
    FAILING,
    /** It answered 410. */
    GONE
}
