package io.liveness.gateway.session;

import java.time.Duration;

/**
 * Limits polls of one session out of turn, by its caller's check or by the return hop: at most three polls in ten seconds, of any kind. A
 * caller that loops does not use up the budget of others.
 */
public final class PollLimit {

    public static final Duration IN = Duration.ofSeconds(10);

    /** The asks, after the latest one, that must not all lie in that time. */
    public static final int EARLIER_POLLS = 2;

    /**
     * Whether the vendor may be asked about a session out of turn, as a column of a statement that reads it: $1 the session, $3 and $4
     * the asking rule.
     */
    public static final String MAY_BE_POLLED = """
            coalesce((select (s.leased_until is null or s.leased_until <= liveness_now()) and not %s
                      from session_schedule s where s.session_id = $1), false)
            """.formatted(limitReached("s.session_id", "$3", "$4::float8"));

    private PollLimit() {}

    /**
     * A condition in SQL: the session was asked about as often as it may.
     *
     * @param session an expression of the session's id, with the name of its table or a parameter
     * @param earlierAsks a parameter, {@link #EARLIER_POLLS}
     * @param in a parameter, {@link #IN} in milliseconds
     */
    public static String limitReached(String session, String earlierAsks, String in) {
        return """
                coalesce((select at from session_event where session_id = %s and type = 'CHECKED'
                          order by seq desc offset %s limit 1) > liveness_now() - %s * interval '1 millisecond', false)""".formatted(session, earlierAsks, in);
    }
}
