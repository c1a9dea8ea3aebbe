package io.liveness.gateway.session.settling;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Lets tests of other packages reconcile. */
@Unremovable
@Singleton
public class Ticks {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PollSessions reconcile;

    private final WriteOffSessions writeOff;

    Ticks(PollSessions reconcile, WriteOffSessions writeOff) {
        this.reconcile = reconcile;
        this.writeOff = writeOff;
    }

    /** Asks about what is due, and writes off what has ended. */
    public void tick() {
        reconcile.tick().chain(writeOff::writeOff).await().atMost(PATIENCE);
    }
}
