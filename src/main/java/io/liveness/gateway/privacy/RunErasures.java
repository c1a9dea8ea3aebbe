package io.liveness.gateway.privacy;

import io.liveness.gateway.check.retention.SessionData;
import io.liveness.gateway.check.retention.SessionData.Erased;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.privacy.face.Redactions;
import io.liveness.gateway.privacy.face.Redactions.RedactedBy;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Runs erasures on every replica until none is due. A run takes an erasure for a minute, erases its sessions that have ended in batches,
 * each in a transaction, and finishes it or leaves it for the next minute. After a crash any replica goes on. Thinning erases the keys a day
 * later: see {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}.
 *
 * <p>Shows erasures that have not finished.
 */
@Startup // its metrics are there from the start
@Singleton
class RunErasures {

    private static final Logger LOG = Logger.getLogger(RunErasures.class);

    private static final int AT_A_TIME = 200;

    /** The running erasure that has waited longest. Another replica does not take it within a minute. */
    private static final String CLAIM = """
            update erasure set next_run_at = liveness_now() + interval '1 minute'
            where id = (
                select id from erasure
                where finished_at is null and next_run_at <= liveness_now()
                order by next_run_at limit 1
                for no key update skip locked)
            returning id, requested_by
            """;

    /** When no session of it waits; otherwise it runs again after a minute. */
    private static final String FINISH = """
            update erasure e
            set next_run_at = liveness_now() + interval '1 minute',
                finished_at = case when not exists (
                    select from erasure_session l join session_outcome s on s.session_id = l.session_id
                    where l.erasure_id = e.id and s.erased_at is null) then liveness_now() end
            where id = ? and finished_at is null
            returning finished_at is not null as finished
            """;

    /** Counts 10,000 at most. */
    private static final String RUNNING = """
            select count(*) as running, coalesce(extract(epoch from liveness_now() - min(begun_at)), 0) as seconds
            from (select begun_at from erasure where finished_at is null order by next_run_at limit 10000) running
            """;

    private record Claimed(UUID id, String by) {}

    private final Batch batch;
    private final SessionData sessions;
    private final Redactions redactions;
    private final Outbox outbox;

    RunErasures(Batch batch, SessionData sessions, Redactions redactions, Outbox outbox, DatabaseFigures figures) {
        this.batch = batch;
        this.sessions = sessions;
        this.redactions = redactions;
        this.outbox = outbox;
        figures.showEachMinute(
                RUNNING,
                List.of(),
                new Figure("running", "liveness.erasures.running", "Erasures with sessions that are not erased yet"),
                new Figure("seconds", "liveness.erasures.oldest", "Seconds since the oldest of them was requested"));
    }

    /** An erasure that failed is due again after a minute. */
    @Scheduled(identity = "erasures", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    void run() {
        FailedWork.orLog(LOG, "erasures.failed", () -> {
            for (Optional<Claimed> next = claim(); next.isPresent(); next = claim()) {
                run(next.get());
            }
        });
    }

    private Optional<Claimed> claim() {
        return batch.transact(connection -> Sql.first(
                connection, CLAIM, row -> new Claimed(row.getObject("id", UUID.class), row.getString("requested_by"))));
    }

    private void run(Claimed erasure) {
        while (eraseSome(erasure.id(), erasure.by()) == AT_A_TIME) {}
        boolean finished = batch.transact(
                connection -> Sql.first(connection, FINISH, row -> row.getBoolean("finished"), erasure.id())
                        .orElse(false));
        if (finished) {
            LOG.infof("erasure.finished erasureId=%s", erasure.id());
        }
    }

    /**
     * Erases some sessions that have ended. Two replicas that do the same erase each session once.
     *
     * @param by for the events
     * @return how many
     */
    int eraseSome(UUID erasure, String by) {
        Erased erased =
                batch.transact(connection -> sessions.erase(connection, listed(connection, erasure), AT_A_TIME, by));
        redactions.count(RedactedBy.CALLER, erased.faces());
        if (erased.toDeliver()) {
            outbox.filled();
        }
        return erased.sessions();
    }

    private static List<UUID> listed(Connection connection, UUID erasure) throws SQLException {
        return Sql.list(
                connection,
                "select session_id from erasure_session where erasure_id = ?",
                row -> row.getObject("session_id", UUID.class),
                erasure);
    }
}
