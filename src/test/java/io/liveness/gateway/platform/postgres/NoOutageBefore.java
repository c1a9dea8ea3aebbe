package io.liveness.gateway.platform.postgres;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

/** The health of a process that has run for a while: a test need not wait after the start, nor after the faults of other tests. */
@Alternative
@Priority(1)
@Singleton
public class NoOutageBefore extends DatabaseHealth {

    private volatile boolean seen;

    public void seen() {
        seen = true;
    }

    @Override
    public boolean wasAwayLately() {
        return seen;
    }
}
