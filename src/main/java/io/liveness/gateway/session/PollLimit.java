package io.liveness.gateway.session;

/**
 * Limits polls of one session out of turn, by its caller's check or by the return hop: at most three polls in ten seconds, of any kind. A
 * caller that loops does not use up the budget of others.
 */
public final class PollLimit {

    /** A condition of a statement that reads the session's row of {@code session_schedule}. */
    public static final String IS_REACHED =
            "coalesce(third_last_poll_at > liveness_now() - interval '10 seconds', false)";

    private PollLimit() {}
}
