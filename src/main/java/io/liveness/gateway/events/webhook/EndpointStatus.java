package io.liveness.gateway.events.webhook;

/** Whether an endpoint receives. */
enum EndpointStatus {
    /** Events are delivered. */
    ACTIVE,
    /** Events are kept and delivered after a resume. */
    PAUSED,
    /** It answered 410: events are not kept. */
    DISABLED
}
