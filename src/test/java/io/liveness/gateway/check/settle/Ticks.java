package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.schedule.LeasedSession;
import io.quarkus.arc.Unremovable;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Lets tests of other packages poll. */
@Unremovable
@Singleton
public class Ticks {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PollSessions polls;

    private final WriteOffSessions writeOff;

    Ticks(PollSessions polls, WriteOffSessions writeOff) {
        this.polls = polls;
        this.writeOff = writeOff;
    }

    /** Asks about what is due, and writes off what has ended. */
    public void tick() {
        polls.poll().chain(polls::idle).chain(() -> writeOff.writeOff()).await().atMost(PATIENCE);
    }

    /** Writes off sessions that are leased. */
    public Uni<Void> writeOff(List<LeasedSession> due) {
        return writeOff.writeOff(due);
    }
}
