package io.liveness.gateway.session.opening;

import java.time.Duration;
import java.time.Instant;

/** When the vendor is asked about a session that has no verdict yet. */
public interface PollSchedule {

    /** How long before a token's end its last looks begin: a look that is due from then on is one of them. */
    Duration lastLooksBegin();

    /**
     * The first look after {@code now}.
     *
     * @param initAt when init was sent
     * @param tokenExpiresAt when the verdict is lost
     */
    Instant next(Instant initAt, Instant tokenExpiresAt, Instant now);

    /** The look after one that brought no answer: soon, when it was a last look and its token still lives. */
    Instant afterNoAnswer(Instant initAt, Instant tokenExpiresAt, Instant now);
}
