package io.liveness.gateway.vendor;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** The port to the vendor. Its calls never fail: every error is an outcome. */
public interface LivenessVendor {

    /**
     * Opens a check, which takes a fee. Once any byte of the request may have reached the vendor it is never sent again:
     * the vendor knows no idempotency and a second init is a second fee.
     */
    Uni<OpenOutcome> open(InitParameters order);

    /** Asks for the verdict of the check that holds this token. */
    Uni<VerdictOutcome> poll(Confidential token);

    /** Asks for the verdict over a new connection: a kept one may be dead, and after a final poll there may be no time for another. */
    Uni<VerdictOutcome> finalPoll(Confidential token);

    /** How long a token lives from the moment init was sent; its verdict is lost afterwards. */
    Duration tokenLifetime();

    /** The longest that one call takes, from the first attempt to connect to the last byte of the answer. */
    Duration callTimeout();
}
