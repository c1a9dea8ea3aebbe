package io.liveness.gateway.statement.importing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.StatementView;
import io.liveness.gateway.statement.StatementView.Status;
import io.liveness.gateway.statement.StoreStatements;
import io.liveness.gateway.statement.StoreStatements.ReceivedFile;
import io.liveness.gateway.statement.importing.ReceiveFile.SentFile;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Imports a statement: its file is received whole, then read and matched in the background. */
@Singleton
class ImportStatement {

    /** A statement that this import corrects, or has corrected when it is sent again. */
    private static final Set<Status> CORRECTED = Set.of(Status.DONE, Status.SUPERSEDED);

    private static final Logger LOG = Logger.getLogger(ImportStatement.class);

    /** How an import is answered. */
    enum Outcome {
        DONE,
        UNDER_WAY,
        /** It was imported before. */
        KNOWN
    }

    /** The state of an import. */
    record Answer(Outcome outcome, StatementView statement) {}

    private final ImportPlaces places;
    private final StoreStatements statements;
    private final ReceiveFile receive;
    private final ReadAndMatch work;
    private final ImportPlaces.Limits config;
    private final Upload limit;
    private final Clock clock;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            ImportPlaces.MAX_AT_ONCE, work -> ImportPlaces.thread(work, "statement-import"));

    ImportStatement(
            ImportPlaces places,
            StoreStatements statements,
            ReceiveFile receive,
            ReadAndMatch work,
            ImportPlaces.Limits config,
            Clock clock) {
        this.places = places;
        this.statements = statements;
        this.receive = receive;
        this.work = work;
        this.config = config;
        this.limit = ImportPlaces.upload(config);
        this.clock = clock;
    }

    /**
     * Imports a file. The answer comes when the import is done, or takes long.
     *
     * @param caller the caller that it counts for
     */
    Answer run(Caller caller, SentFile sent, ImportOrder order) {
        places.take(caller);
        boolean goesOn = false;
        try {
            removeLeftBehind();
            requireSuperseded(order, CORRECTED);
            UUID id = UuidCreator.getTimeOrderedEpoch(clock.instant());
            ReceivedFile file;
            boolean received = false;
            try {
                file = receive.receive(sent, limit, id);
                Optional<StatementView> known = statements.received(id, file, order);
                if (known.isPresent()) {
                    order.requireAsIn(known.get());
                    return new Answer(Outcome.KNOWN, known.get());
                }
                requireSuperseded(order, Set.of(Status.DONE));
                received = true;
            } finally {
                if (!received) {
                    removeQuietly(id);
                }
            }
            goesOn = true;
            return answer(id, inBackground(caller, id, file, order));
        } finally {
            if (!goesOn) {
                places.leave(caller);
            }
        }
    }

    private void requireSuperseded(ImportOrder order, Set<Status> statuses) {
        order.supersedes().ifPresent(id -> {
            Optional<StatementView> old = statements.byId(id);
            if (old.filter(row -> statuses.contains(row.status()) && !row.dryRun())
                    .isEmpty()) {
                throw ProblemException.invalid("supersedes", "must be a statement that is DONE and not a dry run");
            }
            if (old.get().undoneByTwo() && !order.dryRun()) {
                throw ProblemException.invalid(
                        "supersedes",
                        "has adjustments that two people have confirmed: withdraw it first, which takes two people too");
            }
        });
    }

    private Future<StatementView> inBackground(Caller caller, UUID id, ReceivedFile file, ImportOrder order) {
        return threads.submit(() -> {
            try {
                return work.run(id, file, order);
            } finally {
                places.leave(caller);
            }
        });
    }

    private Answer answer(UUID id, Future<StatementView> job) {
        try {
            return new Answer(Outcome.DONE, job.get(config.answerWithin().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException takesLong) {
            return statements
                    .byId(id)
                    .map(row -> new Answer(Outcome.UNDER_WAY, row))
                    .orElseThrow(() -> new ProblemException(
                            ProblemCode.NOT_FOUND, "The import failed; send the file again to learn why."));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The process stops", e);
        }
    }

    private void removeLeftBehind() {
        try {
            statements.removeLeftBehind();
        } catch (RuntimeException e) {
            // The next import tries again.
            FailedWork.log(LOG, "statement.not-removed", e);
        }
    }

    private void removeQuietly(UUID id) {
        try {
            statements.removeFile(id);
        } catch (RuntimeException e) {
            // What is left is removed by a later import.
            LOG.warnf("statement.not-removed id=%s cause=%s", id, e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
