package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Ends sessions that no answer can be had for any more. */
@Startup // its metric is there from the start
@Singleton
class WriteOffSessions {

    private static final Logger LOG = Logger.getLogger(WriteOffSessions.class);

    private static final int AT_A_TIME = 100;
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final LeaseSessions leases;
    private final RecordAnswers record;
    private final DatabaseWatch clock;
    private final DatabaseHealth health;
    private volatile boolean held;
    private volatile long toldNanos = System.nanoTime() - BETWEEN_LINES.toNanos();

    WriteOffSessions(
            LeaseSessions leases,
            RecordAnswers record,
            DatabaseWatch clock,
            DatabaseHealth health,
            MeterRegistry registry) {
        Gauge.builder("liveness.write.offs.held", () -> held ? 1 : 0)
                .description("1 while nothing is written off, after a restore, until an operator says so")
                .register(registry);
        this.leases = leases;
        this.record = record;
        this.clock = clock;
        this.health = health;
    }

    /** Writes off all that is due. */
    Uni<Void> writeOff() {
        return Uni.createFrom()
                .deferred(() -> !clock.isSureOfTheTime() || health.wasAwayLately()
                        ? Uni.createFrom().item(false)
                        : writeOffOnce())
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> writeOffOnce() {
        return leases.toWriteOff(AT_A_TIME)
                .invoke(found -> held(found.held()))
                .chain(found ->
                        record.writeOff(found.due()).replaceWith(found.due().size() >= AT_A_TIME));
    }

    private void held(boolean now) {
        held = now;
        if (now && System.nanoTime() - toldNanos >= BETWEEN_LINES.toNanos()) {
            toldNanos = System.nanoTime();
            LOG.warn(
                    "write-offs.held: since a restore no session ends without a verdict, until resume_write_offs() is run");
        }
    }
}
