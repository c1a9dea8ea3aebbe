package io.liveness.gateway.statement.importing;

import io.liveness.gateway.ledger.Money;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.StatementView;
import io.liveness.gateway.statement.StoreStatements;
import io.liveness.gateway.statement.StoreStatements.ReceivedFile;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.matching.BillLines;
import io.liveness.gateway.statement.matching.MatchStatement;
import io.liveness.gateway.statement.matching.MatchStatement.Matched;
import io.liveness.gateway.statement.reading.CsvRows;
import io.liveness.gateway.statement.reading.StatementReader;
import io.liveness.gateway.statement.reading.StatementReader.Reading;
import io.liveness.gateway.statement.xlsx.BillWorkbook;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Reads a file that was received, and matches its lines. All of it is one transaction: an import that fails or ends with its process leaves
 * neither lines nor results.
 */
@Singleton
class ReadAndMatch {

    private static final Logger LOG = Logger.getLogger(ReadAndMatch.class);

    private final Batch batch;
    private final StoreStatements statements;
    private final ReceiveFile received;
    private final MatchStatement matching;
    private final ImportPlaces.Limits config;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(work -> ImportPlaces.thread(work, "statement-progress"));

    ReadAndMatch(
            Batch batch,
            StoreStatements statements,
            ReceiveFile received,
            MatchStatement matching,
            ImportPlaces.Limits config) {
        this.batch = batch;
        this.statements = statements;
        this.received = received;
        this.matching = matching;
        this.config = config;
    }

    /** @throws ProblemException when the file is of no use; the statement is FAILED then */
    StatementView run(UUID id, ReceivedFile file, ImportOrder order) {
        try (Progress progress = new Progress(id);
                BillWorkbook.Place place =
                        file.charset().isPresent() ? null : BillWorkbook.place(BillWorkbook.LONGEST_WAIT)) {
            StatementView done =
                    batch.transact(connection -> readAndMatch(connection, id, file, order, place, progress));
            LOG.infof(
                    "statement.imported id=%s by=%s lines=%d dryRun=%s", id, order.by(), done.lines(), order.dryRun());
            return done;
        } catch (RuntimeException e) {
            fail(id, e);
            throw e;
        }
    }

    private StatementView readAndMatch(
            Connection connection,
            UUID id,
            ReceivedFile file,
            ImportOrder order,
            BillWorkbook.Place place,
            Progress progress)
            throws SQLException {
        Mapping mapping = order.mapping().mapping();
        try (InputStream in = received.read(connection, id, file.bytes(), progress::bytes)) {
            BillLines lines = new BillLines(connection, progress::lines);
            Reading reading = file.charset().isPresent()
                    ? csv(in, Charset.forName(file.charset().get()), mapping, lines)
                    : xlsx(place, in, file.bytes(), mapping, lines);
            lines.complete();
            progress.read(reading);
            MatchStatement.Order bill = new MatchStatement.Order(
                    id,
                    mapping.currency(),
                    order.from(),
                    order.to(),
                    order.invoice().map(Money::units),
                    reading);
            Matched matched = matching.match(connection, bill, progress::matched);
            progress.close();
            return statements.done(connection, id, order, reading, matched);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            // Of a row on its way, where only unchecked exceptions pass.
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private Reading csv(InputStream in, Charset charset, Mapping mapping, BillLines lines) throws IOException {
        return new StatementReader(mapping, config.maxLines()).read(CsvRows.rows(in, charset, mapping), lines);
    }

    private Reading xlsx(BillWorkbook.Place place, InputStream in, long bytes, Mapping mapping, BillLines lines) {
        long mostInflated = config.maxInflatedSize().asLongValue();
        try (BillWorkbook book = BillWorkbook.open(place, in, bytes, mostInflated)) {
            return new StatementReader(mapping, config.maxLines()).read(book.rows(mapping), lines);
        }
    }

    private void fail(UUID id, RuntimeException cause) {
        List<FieldError> errors = cause instanceof ProblemException problem ? problem.errors() : List.of();
        LOG.infof("statement.failed id=%s cause=%s", id, cause.getMessage());
        try {
            statements.failed(id, errors.isEmpty() ? StatementView.BROKEN_OFF : errors);
        } catch (RuntimeException e) {
            // Without a sign of life it counts as failed.
            LOG.warnf("statement.not-removed id=%s cause=%s", id, e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        timer.shutdown();
    }

    /**
     * Tells each second how far an import is: for clients that wait, and as a sign of life. It tells it outside of the import's
     * transaction, also while that waits for another one.
     */
    private final class Progress implements AutoCloseable {

        private final UUID statement;
        private final ScheduledFuture<?> ticks;
        private volatile long bytesRead;
        private volatile int lines;
        private volatile int linesMatched;
        private volatile Optional<Reading> reading = Optional.empty();

        Progress(UUID statement) {
            this.statement = statement;
            this.ticks = timer.scheduleWithFixedDelay(this::tell, 1, 1, TimeUnit.SECONDS);
        }

        void bytes(long read) {
            bytesRead = read;
        }

        void lines(int stored) {
            lines = stored;
        }

        void read(Reading whole) {
            reading = Optional.of(whole);
            // On the timer's thread: all imports together take one connection for this.
            timer.execute(this::tell);
        }

        void matched(int count) {
            linesMatched = count;
        }

        private void tell() {
            if (ticks.isCancelled()) {
                return;
            }
            try {
                statements.progress(statement, bytesRead, lines, linesMatched, reading);
            } catch (RuntimeException e) {
                // The next one may be told. The import itself finds out whether the database is away.
                LOG.debugf(e, "statement.progress-not-told id=%s", statement);
            }
        }

        @Override
        public void close() {
            ticks.cancel(false);
        }
    }
}
