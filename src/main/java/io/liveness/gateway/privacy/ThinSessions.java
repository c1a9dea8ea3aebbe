package io.liveness.gateway.privacy;

import io.liveness.gateway.check.retention.SessionData;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Thins sessions whose retention is over, on every replica. The first step stores the keyed hash of a session's idempotency key, the second
 * one erases the key and the other data a day later: see {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}. An
 * erased session is thinned as soon as its key has been hashed for a day.
 *
 * <p>A session ends when its fee ends or, without a fee, when its verdict is recorded or its init is refused; later events do not change
 * that time. A session UNKNOWN ends when its fee counts as returned.
 */
@Startup // its metrics are there from the start
@Singleton
class ThinSessions {

    private static final Logger LOG = Logger.getLogger(ThinSessions.class);

    private static final int AT_A_TIME = 200;

    /** Batches of each step in one run at most, so that a long backlog leaves the database room for requests. */
    private static final int BATCHES = 50;

    private static final Duration A_DAY = Duration.ofDays(1);

    private final Batch batch;
    private final SessionData sessions;
    private final DatabaseWatch watch;
    private final double retentionMillis;
    private final Counter thinned;

    ThinSessions(
            Batch batch,
            SessionData sessions,
            DatabaseWatch watch,
            RetentionRule.Sessions config,
            DatabaseFigures figures,
            MeterRegistry registry) {
        this.batch = batch;
        this.sessions = sessions;
        this.watch = watch;
        this.retentionMillis = config.retention().toMillis();
        this.thinned = Counter.builder("liveness.sessions.thinned")
                .description("Thinned sessions")
                .register(registry);
        figures.showEachMinute(
                SessionData.THINNING_DUE,
                List.of(retentionMillis),
                new Figure("due", "liveness.sessions.thinning.due", "Sessions whose retention is over, not thinned"),
                new Figure(
                        "seconds", "liveness.thinning.overdue", "Seconds since the earliest should have been thinned"));
    }

    /** Thins what is due. With a wrong clock it thins nothing. */
    @Scheduled(identity = "thinning", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    void thin() {
        if (!watch.isWrong()) {
            FailedWork.orLog(LOG, "thinning.failed", () -> {
                for (int batches = 0; batches < BATCHES && hashSome() == AT_A_TIME; batches++) {}
                for (int batches = 0; batches < BATCHES && thinSome() == AT_A_TIME; batches++) {}
            });
        }
    }

    /** Hashes the keys of sessions that are thinned a day later. */
    private int hashSome() {
        return batch.transact(
                connection -> sessions.hashKeys(connection, retentionMillis - A_DAY.toMillis(), AT_A_TIME));
    }

    private int thinSome() {
        int done = batch.transact(this::thinNext);
        thinned.increment(done);
        return done;
    }

    /** The record of views of the face image goes with the session's data. */
    private int thinNext(Connection connection) throws SQLException {
        List<UUID> gone = sessions.thin(connection, retentionMillis, AT_A_TIME);
        Sql.execute(
                connection,
                "delete from face_view where session_id = any (?)",
                connection.createArrayOf("uuid", gone.toArray()));
        return gone.size();
    }
}
