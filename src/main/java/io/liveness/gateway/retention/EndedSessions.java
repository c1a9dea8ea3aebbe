package io.liveness.gateway.retention;

/** Which sessions have ended, so that their data may go. */
public final class EndedSessions {

    /**
     * A condition on {@code liveness_session s}: no verdict and no end of a fee is awaited. An unknown session ends when its fee counts as
     * returned. The conditions are those of the index {@code session_to_hash}.
     */
    public static final String ENDED = "s.status not in ('OPENING', 'PENDING') and s.charge_status <> 'UNCONFIRMED'";

    private EndedSessions() {}
}
