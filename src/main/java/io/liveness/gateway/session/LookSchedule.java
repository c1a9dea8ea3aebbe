package io.liveness.gateway.session;

import java.time.Instant;

/** When the vendor is asked next about a session that has no verdict yet. */
public interface LookSchedule {

    /**
     * The next look.
     *
     * @param last it is one of the last before the token's end, and goes before the others
     */
    record Look(Instant at, boolean last) {}

    /**
     * The first look after {@code now}.
     *
     * @param initAt when init was sent
     * @param tokenExpiresAt when the verdict is lost
     */
    Look next(Instant initAt, Instant tokenExpiresAt, Instant now);
}
