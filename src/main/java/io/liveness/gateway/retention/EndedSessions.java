package io.liveness.gateway.retention;

/** Which sessions have ended, so that their data may be erased. */
public final class EndedSessions {

    /**
     * A condition on {@code liveness_session s}: neither a verdict nor the end of a fee is awaited. A session UNKNOWN ends when its fee counts as
     * returned. The conditions are those of the index {@code session_to_hash}.
     */
    public static final String ENDED = "s.status not in ('OPENING', 'PENDING') and s.charge_status <> 'UNCONFIRMED'";

    private EndedSessions() {}
}
