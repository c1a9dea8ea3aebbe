package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.open.RecordInitOutcome;
import io.liveness.gateway.check.schedule.LeaseWriteOffs;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.settle.SettleSession.Settlement;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Ends sessions that no answer can be had for any more. */
@Startup // its metric is there from the start
@Singleton
class WriteOffSessions {

    private static final Logger LOG = Logger.getLogger(WriteOffSessions.class);

    private static final int AT_A_TIME = 100;
    /** Openings are recorded on the connections of requests. */
    private static final int AT_ONCE = 4;
    /** A write-off is repeated after its lease; it is not worth more. */
    private static final Duration TRIED_FOR = Duration.ofSeconds(15);

    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final LeaseWriteOffs leases;
    private final SettleSession settle;
    private final RecordInitOutcome recordOutcome;
    private final DatabaseWatch watch;
    private final DatabaseHealth health;
    private final Clock clock;
    private volatile boolean held;
    private volatile long toldNanos = System.nanoTime() - BETWEEN_LINES.toNanos();

    WriteOffSessions(
            LeaseWriteOffs leases,
            SettleSession settle,
            RecordInitOutcome recordOutcome,
            DatabaseWatch watch,
            DatabaseHealth health,
            Clock clock,
            MeterRegistry registry) {
        Gauge.builder("liveness.write.offs.held", () -> held ? 1 : 0)
                .description("1 while nothing is written off, after a restore, until an operator says so")
                .register(registry);
        this.leases = leases;
        this.settle = settle;
        this.recordOutcome = recordOutcome;
        this.watch = watch;
        this.health = health;
        this.clock = clock;
    }

    @NonBlocking
    @Scheduled(identity = "write-off", every = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> writeOffOrLog() {
        return FailedWork.orLog(LOG, "write-off.failed", writeOff());
    }

    /** Writes off all that is due. */
    Uni<Void> writeOff() {
        return Uni.createFrom()
                .deferred(() -> !watch.isSureOfTheTime() || health.wasAwayLately()
                        ? Uni.createFrom().item(false)
                        : writeOffOnce())
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> writeOffOnce() {
        return leases.lease(AT_A_TIME)
                .invoke(found -> held(found.held()))
                .chain(found -> writeOff(found.due()).replaceWith(found.due().size() >= AT_A_TIME));
    }

    Uni<Void> writeOff(List<LeasedSession> due) {
        Instant now = clock.instant();
        List<Uni<Void>> steps = new ArrayList<>();
        List<Settlement> settlements = due.stream()
                .filter(session -> session.status() != SessionStatus.OPENING)
                .map(session -> Settlement.writtenOff(session, now))
                .toList();
        if (!settlements.isEmpty()) {
            steps.add(settle.settle(TRIED_FOR, settlements, Connections.RESERVED, ended -> {}));
        }
        due.stream()
                .filter(session -> session.status() == SessionStatus.OPENING)
                .map(this::orphaned)
                .forEach(steps::add);
        return steps.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join()
                        .all(steps)
                        .usingConcurrencyOf(AT_ONCE)
                        .andCollectFailures()
                        .replaceWithVoid();
    }

    /** An opening that no living process holds: its fee may have been taken. */
    private Uni<Void> orphaned(LeasedSession session) {
        return recordOutcome
                .record(
                        TRIED_FOR,
                        session.id(),
                        session.attempt(),
                        session.initAt(),
                        new OpenOutcome.Unknown(
                                Optional.empty(),
                                "No answer to init was recorded, by a gateway that stopped or gave up",
                                Optional.empty()))
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(failure -> {
                    SettleSession.notRecorded(session.id(), failure);
                    return Uni.createFrom().voidItem();
                });
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
