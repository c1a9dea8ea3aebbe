package io.liveness.gateway.events;

import io.liveness.gateway.platform.problem.ProblemCode;

/** The codes of errors about webhooks. */
public enum EventProblem implements ProblemCode {
    ENDPOINT_LIMIT_REACHED(409, "The caller has as many webhook endpoints as it may have"),
    REPLAY_UNDER_WAY(409, "A replay of the endpoint is under way"),
    FEED_RESTORED(410, "The feed was restored from a backup since the cursor was given");

    private final int status;
    private final String title;

    EventProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
