package io.liveness.gateway.events;

/** What a caller is told. {@link #type} is the {@code type} of the Standard Webhooks payload. */
public enum EventKind {
    /** A verdict was recorded, or can no longer be had; the fee ended. */
    SESSION_SETTLED("liveness.session.settled"),
    /** Init's answer was lost: a fee may have been taken. */
    SESSION_UNKNOWN("liveness.session.unknown"),
    /** The data of a session was erased, because its caller asked for the erasure of a person. */
    SESSION_REDACTED("liveness.session.redacted"),
    /** The owner asked for a test of its endpoint. */
    ENDPOINT_TEST("liveness.endpoint.test"),
    /** The gateway paused an endpoint that kept failing. */
    ENDPOINT_PAUSED("liveness.endpoint.paused"),
    /** The endpoint answered 410: it wants no more. */
    ENDPOINT_DISABLED("liveness.endpoint.disabled");

    private final String type;

    EventKind(String type) {
        this.type = type;
    }

    public String type() {
        return type;
    }
}
