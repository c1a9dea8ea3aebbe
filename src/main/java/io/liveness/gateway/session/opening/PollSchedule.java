package io.liveness.gateway.session.opening;

import java.time.Duration;
import java.time.Instant;

/** Computes when to poll the vendor for a session without a verdict. */
public interface PollSchedule {

    /** How long before a token's end its final polls begin. */
    Duration finalPollsBegin();

    /**
     * The first poll after {@code now}.
     *
     * @param initAt when init was sent
     * @param tokenExpiresAt when the verdict is lost
     */
    Instant next(Instant initAt, Instant tokenExpiresAt, Instant now);

    /** The poll after one without an answer: soon, if it was a final poll and the token has not ended. */
    Instant afterNoAnswer(Instant initAt, Instant tokenExpiresAt, Instant now);
}
