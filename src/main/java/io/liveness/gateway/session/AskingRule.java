package io.liveness.gateway.session;

import java.time.Duration;

/**
 * How often the vendor may be asked about one session out of turn, by its caller's check or by a person who comes back: not when
 * it was asked three times in the last ten seconds, for whatever reason. So a loop of either does not use up what others need.
 */
final class AskingRule {

    static final Duration IN = Duration.ofSeconds(10);

    /** The asks, after the latest one, that must not all lie in that time. */
    static final int EARLIER_ASKS = 2;

    private AskingRule() {}

    /**
     * A condition in SQL: the session was asked about as often as it may.
     *
     * @param session an expression of the session's id, with the name of its table or a parameter
     * @param earlierAsks a parameter, {@link #EARLIER_ASKS}
     * @param in a parameter, {@link #IN} in milliseconds
     */
    static String askedEnough(String session, String earlierAsks, String in) {
        return """
                coalesce((select at from session_event where session_id = %s and type = 'CHECKED'
                          order by seq desc offset %s limit 1) > liveness_now() - %s * interval '1 millisecond', false)""".formatted(session, earlierAsks, in);
    }
}
