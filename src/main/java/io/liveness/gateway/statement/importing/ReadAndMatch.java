package io.liveness.gateway.statement.importing;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.RemoveStatements;
import io.liveness.gateway.statement.StatementRow;
import io.liveness.gateway.statement.StoreStatements;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.matching.MatchOrder;
import io.liveness.gateway.statement.matching.MatchStatement;
import io.liveness.gateway.statement.reading.CsvFile;
import io.liveness.gateway.statement.reading.RawRow;
import io.liveness.gateway.statement.reading.Reading;
import io.liveness.gateway.statement.reading.StatementReader;
import io.liveness.gateway.statement.xlsx.StoredFile;
import io.liveness.gateway.statement.xlsx.XlsxFile;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Reads a file that was received, stores its lines and matches them. To be used on a thread that may wait. */
@Singleton
class ReadAndMatch {

    static final List<FieldError> BROKEN_OFF = List.of(new FieldError(
            "body", "was not read completely, because the import was interrupted; import the file again"));

    private static final Logger LOG = Logger.getLogger(ReadAndMatch.class);

    private final Database database;
    private final StoreStatements statements;
    private final Pieces pieces;
    private final MatchStatement matching;
    private final RemoveStatements remove;
    private final ImportConfig config;
    private final Clock clock;

    ReadAndMatch(
            Database database,
            StoreStatements statements,
            Pieces pieces,
            MatchStatement matching,
            RemoveStatements remove,
            ImportConfig config,
            Clock clock) {
        this.database = database;
        this.statements = statements;
        this.pieces = pieces;
        this.matching = matching;
        this.remove = remove;
        this.config = config;
        this.clock = clock;
    }

    /** @throws ProblemException when the file is of no use; the statement is FAILED then and has no lines */
    StatementRow run(UUID id, ImportOrder order) {
        try {
            Progress progress = new Progress(statements, clock, id);
            Reading reading = read(id, order.mapping().mapping(), progress);
            statements.read(id, reading).await().indefinitely();
            matching.match(
                    new MatchOrder(
                            id,
                            order.mapping().mapping().currency(),
                            order.from(),
                            order.to(),
                            order.invoice().map(Money::minor),
                            reading),
                    progress::matched);
            StatementRow done = statements.done(id, order).await().indefinitely();
            remove.file(id).await().indefinitely();
            LOG.infof(
                    "statement.imported id=%s by=%s lines=%d dryRun=%s",
                    id, order.by(), reading.lines(), order.dryRun());
            return done;
        } catch (RuntimeException e) {
            fail(id, e);
            throw e;
        }
    }

    private Reading read(UUID id, Mapping mapping, Progress progress) {
        StatementRow row = statements.byId(id).await().indefinitely().orElseThrow();
        StoreLines lines = new StoreLines(database, id, progress::lines);
        StoredFile file = pieces.file(id, row.bytes(), progress::bytes);
        StatementReader reader = new StatementReader(mapping, config.maxLines());
        Reading reading = row.charset()
                .map(charset -> csv(file, Charset.forName(charset), mapping, rows -> reader.read(rows, lines)))
                .orElseGet(() -> xlsx(file, mapping, rows -> reader.read(rows, lines)));
        lines.flush();
        return reading;
    }

    private static Reading csv(
            StoredFile file, Charset charset, Mapping mapping, Function<Iterator<RawRow>, Reading> read) {
        try (InputStream in = file.from(0)) {
            return read.apply(CsvFile.rows(in, charset, mapping));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reading xlsx(StoredFile file, Mapping mapping, Function<Iterator<RawRow>, Reading> read) {
        try (XlsxFile book =
                XlsxFile.open(file, mapping, config.maxInflatedSize().asLongValue())) {
            return read.apply(book.rows());
        }
    }

    private void fail(UUID id, RuntimeException cause) {
        List<FieldError> why = cause instanceof ProblemException problem ? problem.errors() : BROKEN_OFF;
        LOG.infof("statement.failed id=%s cause=%s", id, cause.getMessage());
        try {
            statements.failed(id, why).chain(() -> remove.results(id)).await().indefinitely();
        } catch (RuntimeException e) {
            // Without a sign of life it counts as failed.
            LOG.warnf("statement.not-removed id=%s cause=%s", id, e.getMessage());
        }
    }
}
