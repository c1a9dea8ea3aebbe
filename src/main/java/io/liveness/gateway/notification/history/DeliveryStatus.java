package io.liveness.gateway.notification.history;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How far a delivery is. */
@Schema(
        description =
                "How far the delivery is. PENDING: it is due or under way, or waits for its next attempt, for an earlier event of its session, or for a resume of the endpoint. DELIVERED: the receiver answered 2xx. FAILED: no more"
                        + " attempts are made, unless it is replayed.")
enum DeliveryStatus {
    /** It is due or under way, or waits for its next attempt, an earlier event of its session, or a resume. */
    PENDING,
    /** The receiver answered 2xx. */
    DELIVERED,
    /** No more attempts are made, unless it is replayed. */
    FAILED
}
