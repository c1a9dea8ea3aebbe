package io.liveness.gateway.settle;

import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.schedule.LeaseSessions;
import io.liveness.gateway.schedule.Outages;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Ends sessions that no answer can be had for any more. */
@Singleton
class WriteOffSessions {

    private static final int AT_A_TIME = 100;

    private final LeaseSessions leases;
    private final RecordAnswers record;
    private final DatabaseWatch clock;
    private final Outages outages;

    WriteOffSessions(LeaseSessions leases, RecordAnswers record, DatabaseWatch clock, Outages outages) {
        this.leases = leases;
        this.record = record;
        this.clock = clock;
        this.outages = outages;
    }

    /** Writes off all that is due. */
    Uni<Void> writeOff() {
        return Uni.createFrom()
                .deferred(() -> !clock.isSureOfTheTime() || outages.recent()
                        ? Uni.createFrom().item(false)
                        : writeOffOnce())
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .onFailure()
                .invoke(outages::seen)
                .replaceWithVoid();
    }

    private Uni<Boolean> writeOffOnce() {
        return leases.toWriteOff(AT_A_TIME).chain(due -> record.writeOff(due).replaceWith(due.size() >= AT_A_TIME));
    }
}
