package io.liveness.gateway.notification.endpoint;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why an endpoint is not ACTIVE. */
@Schema(
        description =
                "Why the endpoint is not ACTIVE. OWNER: its owner paused it. FAILING: the gateway paused it, since all attempts had"
                        + " failed for a day, or as long as is configured. GONE: it answered 410.")
enum StatusReason {
    /** Its owner paused it. */
    OWNER,
    /** All attempts failed for {@code liveness.webhook.pause-after}. */
    FAILING,
    /** It answered 410. */
    GONE
}
