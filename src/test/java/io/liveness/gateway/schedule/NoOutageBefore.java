package io.liveness.gateway.schedule;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

/** Of a process that has run for a while: tests need not wait after the start. */
@Alternative
@Priority(1)
@Singleton
public class NoOutageBefore extends Outages {

    private volatile boolean seen;

    @Override
    public void seen() {
        super.seen();
        seen = true;
    }

    @Override
    public boolean recent() {
        return seen && super.recent();
    }
}
