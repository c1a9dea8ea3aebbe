package io.liveness.gateway.notification.history;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How far a delivery is. */
@Schema(
        description =
                "How far the delivery is. PENDING: an attempt is due or under way. DELIVERED: the receiver answered 2xx. FAILED: no more"
                        + " attempts are made, unless it is replayed.")
enum DeliveryStatus {
    /** An attempt is due or under way. */
    PENDING,
    /** The receiver answered 2xx. */
    DELIVERED,
    /** No more attempts are made, unless it is replayed. */
    FAILED
}
