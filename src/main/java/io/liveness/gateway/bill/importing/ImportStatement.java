package io.liveness.gateway.bill.importing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.bill.StatementView;
import io.liveness.gateway.bill.StoreStatements;
import io.liveness.gateway.bill.importing.ReceiveFile.ReceivedFile;
import io.liveness.gateway.bill.importing.ReceiveFile.SentFile;
import io.liveness.gateway.bill.match.BillLines;
import io.liveness.gateway.bill.match.MatchStatement;
import io.liveness.gateway.bill.match.MatchStatement.ImportOrder;
import io.liveness.gateway.bill.match.MatchStatement.Matched;
import io.liveness.gateway.bill.read.BillRows;
import io.liveness.gateway.bill.read.BillWorkbook;
import io.liveness.gateway.bill.read.BillWorkbook.BillSheet;
import io.liveness.gateway.bill.read.BillWorkbook.SheetRows;
import io.liveness.gateway.bill.read.CsvRows;
import io.liveness.gateway.bill.read.Mapping;
import io.liveness.gateway.bill.read.RawRow;
import io.liveness.gateway.bill.read.StatementReader;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.platform.http.Upload;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Imports a statement: its file is received whole, then read and matched in the background. */
@Singleton
class ImportStatement {

    private static final Logger LOG = Logger.getLogger(ImportStatement.class);
    private static final int MOST_LINES = 2_000_000;

    /** What was read of a file. @param sheets empty when it is no workbook */
    private record ReadFile(Reading reading, Optional<List<BillSheet>> sheets) {}

    /** The state of an import. @param known whether it was imported before */
    record Imported(boolean known, StatementView statement) {}

    private final Batch batch;
    private final ImportPlaces places;
    private final StoreStatements statements;
    private final ReceiveFile receive;
    private final MatchStatement matching;
    private final ImportPlaces.Limits config;
    private final Upload limit;
    private final Clock clock;
    private final ScheduledExecutorService timer;

    ImportStatement(
            Batch batch,
            ImportPlaces places,
            StoreStatements statements,
            ReceiveFile receive,
            MatchStatement matching,
            ImportPlaces.Limits config,
            Clock clock,
            ScheduledExecutorService timer) {
        this.batch = batch;
        this.places = places;
        this.statements = statements;
        this.receive = receive;
        this.matching = matching;
        this.config = config;
        this.limit = ImportPlaces.upload(config);
        this.clock = clock;
        this.timer = timer;
    }

    /**
     * Imports a file. The answer comes when the import is done, or takes long.
     *
     * @param caller the caller that it counts for
     */
    Imported run(Caller caller, SentFile sent, ImportOrder order) {
        places.take(caller);
        UUID id = UuidCreator.getTimeOrderedEpoch(clock.instant());
        boolean goesOn = false;
        try {
            ReceivedFile file = receive.receive(sent, limit, id);
            // The next import tries again what fails.
            FailedWork.orLog(LOG, "statement.not-removed", statements::removeLeftBehind);
            Optional<StatementView> known =
                    statements.received(id, file.sha256(), file.charset().map(Charset::name), file.bytes(), order);
            if (known.isPresent()) {
                return new Imported(true, known.get());
            }
            Future<StatementView> job = inBackground(id, file, order);
            goesOn = true;
            return new Imported(false, soon(id, job));
        } finally {
            if (!goesOn) {
                // What is left is removed by a later import.
                FailedWork.orLog(LOG, "statement.not-removed", () -> statements.removeFile(id));
                places.leave();
            }
        }
    }

    private Future<StatementView> inBackground(UUID id, ReceivedFile file, ImportOrder order) {
        FutureTask<StatementView> job = new FutureTask<>(() -> {
            try {
                return readAndMatch(id, file, order);
            } finally {
                places.leave();
            }
        });
        Thread thread = new Thread(job, "statement-import");
        // The thread ends with the process.
        thread.setDaemon(true);
        thread.start();
        return job;
    }

    /** Returns the statement of an import that has ended, or as it is when the time for the answer is over. */
    private StatementView soon(UUID id, Future<StatementView> job) {
        try {
            return job.get(config.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException takesLong) {
            return statements.byId(id).orElseThrow();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The process stops", e);
        }
    }

    /**
     * Reads a file that was received, and matches its lines. All of it is one transaction: an import that fails or ends with its process
     * leaves neither lines nor results.
     *
     * @throws ProblemException when the file is of no use; the statement is FAILED then
     */
    private StatementView readAndMatch(UUID id, ReceivedFile file, ImportOrder order) {
        boolean waits = file.isWorkbook();
        try (Progress progress = new Progress(id);
                BillWorkbook.WorkbookPlace place =
                        file.isWorkbook() ? BillWorkbook.place(BillWorkbook.LONGEST_WAIT) : null) {
            waits = false;
            StatementView done =
                    batch.transact(connection -> readAndMatch(connection, id, file, order, place, progress));
            LOG.infof(
                    "statement.imported id=%s by=%s lines=%d dryRun=%s",
                    id, order.by().name(), done.lines(), order.dryRun());
            return done;
        } catch (Throwable e) {
            fail(id, e, why(e, waits));
            throw e;
        }
    }

    private StatementView readAndMatch(
            Connection connection,
            UUID id,
            ReceivedFile file,
            ImportOrder order,
            BillWorkbook.WorkbookPlace place,
            Progress progress)
            throws SQLException {
        Mapping mapping = order.mapping().mapping();
        // See is_worked_on: until the end, whatever keeps its progress from being told.
        Sql.first(connection, "select pg_advisory_xact_lock(hashtextextended(?::text, 0))", row -> true, id);
        InputStream in = receive.read(connection, id, file.bytes(), progress::bytes);
        try {
            BillLines lines = new BillLines(connection, progress::lines);
            ReadFile read = read(in, file, place, mapping, lines);
            Reading reading = read.reading();
            lines.complete();
            progress.read(reading);
            Matched matched = matching.match(connection, id, order, reading, progress::matched);
            progress.close();
            return statements.done(connection, id, order, reading, read.sheets(), matched);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param place of a workbook; it is free while the lines are matched */
    private static ReadFile read(
            InputStream in, ReceivedFile file, BillWorkbook.WorkbookPlace place, Mapping mapping, BillLines lines)
            throws IOException {
        if (!file.isWorkbook()) {
            Charset charset = file.charset().orElseThrow();
            return new ReadFile(read(CsvRows.rows(in, charset, mapping), mapping, lines), Optional.empty());
        }
        try (BillWorkbook book = BillWorkbook.open(in, place)) {
            SheetRows rows = book.rows(mapping);
            return new ReadFile(read(rows, mapping, lines), Optional.of(rows.sheets()));
        }
    }

    private static Reading read(Iterator<RawRow> rows, Mapping mapping, BillLines lines) {
        BillRows bill = BillRows.of(rows, mapping);
        return StatementReader.read(bill.rows(), bill.mapping(), MOST_LINES, lines);
    }

    private void fail(UUID id, Throwable cause, List<FieldError> why) {
        if (cause instanceof ProblemException problem) {
            LOG.infof("statement.failed id=%s cause=%s", id, problem.getMessage());
        } else {
            LOG.errorf(cause, "statement.failed id=%s", id);
        }
        // Without a sign of life it counts as failed.
        FailedWork.orLog(LOG, "statement.failure-not-stored", () -> statements.failed(id, why));
    }

    /** @param waits for another workbook; whoever has no connection to the database is busy too */
    static List<FieldError> why(Throwable cause, boolean waits) {
        if (waits && cause instanceof ProblemException problem && problem.code() == ProblemCode.BUSY) {
            return StatementView.WAITED_TOO_LONG;
        }
        return cause instanceof ProblemException problem && !problem.errors().isEmpty()
                ? problem.errors()
                : StatementView.BROKEN_OFF;
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
