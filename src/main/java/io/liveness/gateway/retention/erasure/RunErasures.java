package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.Steps;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Runs erasures on every replica until none is due. A run takes an erasure for a minute, erases its sessions that have ended in batches, and
 * finishes it or leaves it for the next minute. After a crash any replica goes on.
 */
@Singleton
class RunErasures {

    private static final Logger LOG = Logger.getLogger(RunErasures.class);

    private final Database database;
    private final EraseSessions erase;

    RunErasures(Database database, EraseSessions erase) {
        this.database = database;
        this.erase = erase;
    }

    /** Never fails: an erasure that failed is due again after a minute. */
    @NonBlocking
    @Scheduled(identity = "erasures", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return Steps.untilDone(this::runOne)
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "erasures.failed", failure))
                .onFailure()
                .recoverWithNull();
    }

    /** Runs one erasure that is due. Returns whether there was one. */
    private Uni<Boolean> runOne() {
        return database.execute(ErasureSql.CLAIM, Tuple.tuple()).chain(claimed -> {
            if (claimed.size() == 0) {
                return Uni.createFrom().item(false);
            }
            Row erasure = claimed.iterator().next();
            UUID id = erasure.getUUID(0);
            return Steps.untilDone(() -> erase.eraseSome(id, erasure.getString(1)))
                    .chain(() -> finish(id))
                    .replaceWith(true);
        });
    }

    private Uni<Void> finish(UUID id) {
        return database.execute(ErasureSql.FINISH, Tuple.of(id))
                .invoke(rows -> rows.forEach(row -> {
                    if (row.getBoolean(0)) {
                        LOG.infof("erasure.finished erasureId=%s", id);
                    }
                }))
                .replaceWithVoid();
    }
}
