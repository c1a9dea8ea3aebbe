package io.liveness.gateway.statement.importing;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.StatementRow;
import io.liveness.gateway.statement.StatementView;
import io.liveness.gateway.statement.StoreStatements;
import io.liveness.gateway.statement.StoreStatements.ReceivedFile;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.matching.BillLines;
import io.liveness.gateway.statement.matching.MatchOrder;
import io.liveness.gateway.statement.matching.MatchStatement;
import io.liveness.gateway.statement.matching.MatchStatement.Matched;
import io.liveness.gateway.statement.reading.CsvFile;
import io.liveness.gateway.statement.reading.RawRow;
import io.liveness.gateway.statement.reading.Reading;
import io.liveness.gateway.statement.reading.StatementReader;
import io.liveness.gateway.statement.xlsx.StoredFile;
import io.liveness.gateway.statement.xlsx.XlsxFile;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
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
    private final Pieces pieces;
    private final MatchStatement matching;
    private final ImportConfig config;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(work -> ImportPlaces.thread(work, "statement-progress"));

    ReadAndMatch(Batch batch, StoreStatements statements, Pieces pieces, MatchStatement matching, ImportConfig config) {
        this.batch = batch;
        this.statements = statements;
        this.pieces = pieces;
        this.matching = matching;
        this.config = config;
    }

    /** @throws ProblemException when the file is of no use; the statement is FAILED then */
    StatementRow run(UUID id, ReceivedFile file, ImportOrder order) {
        try (Progress progress = new Progress(statements, id, timer);
                XlsxFile.Place place = file.charset().isPresent() ? null : XlsxFile.place()) {
            StatementRow done = batch.transact(connection -> work(connection, id, file, order, place, progress));
            LOG.infof(
                    "statement.imported id=%s by=%s lines=%d dryRun=%s",
                    id, order.by(), done.view().lines(), order.dryRun());
            return done;
        } catch (RuntimeException e) {
            fail(id, e);
            throw e;
        }
    }

    private StatementRow work(
            Connection connection,
            UUID id,
            ReceivedFile file,
            ImportOrder order,
            XlsxFile.Place place,
            Progress progress)
            throws SQLException {
        try {
            return readAndMatch(connection, id, file, order, place, progress);
        } catch (IllegalStateException e) {
            // Of a row on its way, where only unchecked exceptions pass.
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private StatementRow readAndMatch(
            Connection connection,
            UUID id,
            ReceivedFile file,
            ImportOrder order,
            XlsxFile.Place place,
            Progress progress)
            throws SQLException {
        Mapping mapping = order.mapping().mapping();
        BillLines lines = new BillLines(connection, progress::lines);
        StoredFile stored = pieces.file(connection, id, file.bytes(), progress::bytes);
        StatementReader reader = new StatementReader(mapping, config.maxLines());
        Reading reading = file.charset()
                .map(charset -> csv(stored, Charset.forName(charset), mapping, rows -> reader.read(rows, lines)))
                .orElseGet(() -> xlsx(place, stored, mapping, rows -> reader.read(rows, lines)));
        lines.complete();
        progress.read(reading);
        MatchOrder bill = new MatchOrder(
                id,
                mapping.currency(),
                order.from(),
                order.to(),
                order.invoice().map(Money::units),
                reading);
        Matched matched = matching.match(connection, bill, progress::matched);
        progress.close();
        return statements.done(connection, id, order, reading, matched);
    }

    private static Reading csv(
            StoredFile file, Charset charset, Mapping mapping, Function<Iterator<RawRow>, Reading> read) {
        try (InputStream in = file.bytes()) {
            return read.apply(CsvFile.rows(in, charset, mapping));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reading xlsx(
            XlsxFile.Place place, StoredFile file, Mapping mapping, Function<Iterator<RawRow>, Reading> read) {
        try (XlsxFile book =
                XlsxFile.open(place, file, mapping, config.maxInflatedSize().asLongValue())) {
            return read.apply(book.rows());
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
}
