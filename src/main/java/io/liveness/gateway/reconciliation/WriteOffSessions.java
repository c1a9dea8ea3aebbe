package io.liveness.gateway.reconciliation;

import io.liveness.gateway.platform.postgres.ClockWatch;
import io.liveness.gateway.session.LeaseSessions;
import io.liveness.gateway.session.RecordAnswers;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Ends sessions that no answer can be had for any more. */
@Singleton
class WriteOffSessions {

    private static final int AT_A_TIME = 100;

    /**
     * After the database was away: a replica that holds an answer records it within seconds of the return, and must come before
     * those who would write the session off.
     */
    private static final Duration AFTER_AN_OUTAGE = Duration.ofSeconds(10);

    private final LeaseSessions leases;
    private final RecordAnswers record;
    private final ClockWatch clock;
    private volatile long notBeforeNanos = System.nanoTime();

    WriteOffSessions(LeaseSessions leases, RecordAnswers record, ClockWatch clock) {
        this.leases = leases;
        this.record = record;
        this.clock = clock;
    }

    /** Writes off all that is due. */
    Uni<Void> writeOff() {
        return Uni.createFrom()
                .deferred(() -> clock.isWrong() || System.nanoTime() - notBeforeNanos < 0
                        ? Uni.createFrom().item(false)
                        : writeOffOnce())
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .onFailure()
                .invoke(() -> notBeforeNanos = System.nanoTime() + AFTER_AN_OUTAGE.toNanos())
                .replaceWithVoid();
    }

    private Uni<Boolean> writeOffOnce() {
        return leases.toWriteOff(AT_A_TIME).chain(due -> record.writeOff(due).replaceWith(due.size() >= AT_A_TIME));
    }
}
