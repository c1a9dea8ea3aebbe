package io.liveness.gateway.notification.endpoint;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Whether an endpoint receives. */
@Schema(
        description =
                "Whether the endpoint receives. ACTIVE: events are delivered. PAUSED: events are kept and delivered after a resume."
                        + " DISABLED: it answered 410; events are not kept.")
enum EndpointStatus {
    /** Events are delivered. */
    ACTIVE,
    /** Events are kept and delivered after a resume. */
    PAUSED,
    /** It answered 410: events are not kept. */
    DISABLED
}
