package io.liveness.gateway.statement.importing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.postgres.RefusedRows;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.ReceivedFile;
import io.liveness.gateway.statement.RemoveStatements;
import io.liveness.gateway.statement.StatementRow;
import io.liveness.gateway.statement.StatementStatus;
import io.liveness.gateway.statement.StoreStatements;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Imports a statement: its file is received whole, then read and matched in the background. An import that fails, or is broken off while the
 * file is on its way, leaves nothing behind.
 */
@Singleton
class ImportStatement {

    /** A statement that this import corrects, or has corrected when it is sent again. */
    private static final Set<StatementStatus> CORRECTED = Set.of(StatementStatus.DONE, StatementStatus.SUPERSEDED);

    private static final Logger LOG = Logger.getLogger(ImportStatement.class);

    /** How an import is answered. */
    enum Outcome {
        DONE,
        UNDER_WAY,
        /** It was imported before. */
        KNOWN
    }

    /** The state of an import. */
    record Answer(Outcome outcome, StatementRow statement) {}

    private final StoreStatements statements;
    private final ReceiveFile receive;
    private final ReadAndMatch work;
    private final RemoveStatements remove;
    private final ImportConfig config;
    private final Clock clock;

    ImportStatement(
            StoreStatements statements,
            ReceiveFile receive,
            ReadAndMatch work,
            RemoveStatements remove,
            ImportConfig config,
            Clock clock) {
        this.statements = statements;
        this.receive = receive;
        this.work = work;
        this.remove = remove;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Receives a file, on a thread that may wait. The answer comes when the import is done, or takes long.
     *
     * @param ended is run once nothing more is done for it
     */
    Uni<Answer> run(SentFile file, Upload limit, ImportOrder order, Runnable ended) {
        boolean goesOn = false;
        try {
            remove.leftBehind().await().indefinitely();
            requireSuperseded(order, CORRECTED);
            UUID id = UuidCreator.getTimeOrderedEpoch(clock.instant());
            statements.begin(id, order).await().indefinitely();
            Optional<StatementRow> known = receive(file, limit, id, order);
            if (known.isPresent()) {
                order.requireAsIn(known.get());
                return Uni.createFrom().item(new Answer(Outcome.KNOWN, known.get()));
            }
            goesOn = true;
            return background(id, order, ended);
        } finally {
            if (!goesOn) {
                ended.run();
            }
        }
    }

    private void requireSuperseded(ImportOrder order, Set<StatementStatus> statuses) {
        order.supersedes().ifPresent(id -> {
            Optional<StatementRow> old = statements.byId(id).await().indefinitely();
            if (old.filter(row -> statuses.contains(row.status()) && !row.dryRun())
                    .isEmpty()) {
                throw ProblemException.invalid("supersedes", "must be a statement that is DONE and not a dry run");
            }
        });
    }

    /** @return the statement that this file is already */
    private Optional<StatementRow> receive(SentFile file, Upload limit, UUID id, ImportOrder order) {
        boolean received = false;
        try {
            ReceivedFile whole = receive.receive(file, limit, id);
            Optional<StatementRow> known = take(whole, id, order);
            if (known.isEmpty()) {
                requireSuperseded(order, Set.of(StatementStatus.DONE));
            }
            received = known.isEmpty();
            return known;
        } finally {
            if (!received) {
                removeQuietly(id);
            }
        }
    }

    private Optional<StatementRow> take(ReceivedFile file, UUID id, ImportOrder order) {
        for (int attempt = 0; ; attempt++) {
            try {
                statements.received(id, file).await().indefinitely();
                return Optional.empty();
            } catch (RuntimeException refused) {
                if (!RefusedRows.isRefusal(refused) || attempt > 1) {
                    throw refused;
                }
            }
            Optional<StatementRow> same = statements.same(file, order).await().indefinitely();
            if (same.isPresent() && same.get().status() != StatementStatus.FAILED) {
                return same;
            }
            // Its process ended in the middle of it. Or it is gone by now.
            same.ifPresent(broken -> statements
                    .failed(broken.id(), ReadAndMatch.BROKEN_OFF)
                    .chain(() -> remove.results(broken.id()))
                    .await()
                    .indefinitely());
        }
    }

    private void removeQuietly(UUID id) {
        try {
            remove.all(id).await().indefinitely();
        } catch (RuntimeException e) {
            // What is left is removed by a later import.
            LOG.warnf("statement.not-removed id=%s cause=%s", id, e.getMessage());
        }
    }

    private Uni<Answer> background(UUID id, ImportOrder order, Runnable ended) {
        Uni<StatementRow> job = Uncancellable.from(Uni.createFrom()
                        .item(() -> work.run(id, order))
                        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                        .onTermination()
                        .invoke(ended))
                .memoize()
                .indefinitely();
        return job.map(done -> new Answer(Outcome.DONE, done))
                .ifNoItem()
                .after(config.answerWithin())
                .recoverWithUni(() -> statements
                        .byId(id)
                        .map(row -> row.orElseThrow(() -> new ProblemException(
                                CommonProblem.NOT_FOUND, "The import failed; send the file again to learn why.")))
                        .map(row -> new Answer(Outcome.UNDER_WAY, row)));
    }
}
