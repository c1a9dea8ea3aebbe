package io.liveness.gateway.platform.file;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * One export. Its thread writes rows to the file as {@code COPY} sends them, while PostgreSQL makes the next ones.
 */
final class ExportRun {

    private static final Logger LOG = Logger.getLogger(ExportRun.class);

    /** PostgreSQL ends a query this much later than the file breaks off. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    /** How an export ended. */
    enum Outcome {
        /** The whole file was sent. */
        DONE,
        /** The reader left, or took nothing for {@code quarkus.http.idle-timeout}. */
        ABANDONED,
        /** The export took longer than {@code liveness.exports.max-duration}. */
        TOO_LONG,
        /** The database was away. */
        UNAVAILABLE,
        /** Something unforeseen. */
        FAILED;

        /** The name of the outcome in metrics and the log. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Exports.Order order;
    private final Table table;
    private final Batch batch;
    private final ScheduledExecutorService threads;
    private final HttpServerRequest request;
    private final Duration longest;

    private final AtomicReference<Outcome> outcome = new AtomicReference<>();
    /** The connection that rows are read from, null before and after that; guarded by this. */
    private BaseConnection reading;

    private long written;

    ExportRun(
            Exports.Order order,
            Batch batch,
            Exports.ExportLimits config,
            ScheduledExecutorService threads,
            HttpServerRequest request) {
        this.order = order;
        this.table = order.table();
        this.batch = batch;
        this.threads = threads;
        this.request = request;
        this.longest = config.maxDuration();
    }

    /** Set when {@link #write} has ended. */
    Outcome outcome() {
        return outcome.get();
    }

    /** How many rows are in the file so far. */
    long written() {
        return written;
    }

    void write(OutputStream to) throws IOException {
        // The watch has its own thread: the request's may wait for the reader of the file without end.
        Future<?> watch = threads.schedule(this::giveUp, longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            batch.read(longest.plus(MARGIN), connection -> copy(connection, to));
            if (!outcome.compareAndSet(null, Outcome.DONE)) {
                throw DatabaseUnavailable.notInTime();
            }
        } catch (Throwable failure) {
            if (outcome.compareAndSet(null, outcome(failure))) {
                tell(failure);
            }
            // An export that was given up before its first byte may have been sent since.
            breakOff();
            if (!request.response().headWritten()) {
                throw failure;
            }
        } finally {
            watch.cancel(false);
        }
    }

    private Void copy(Connection connection, OutputStream to) throws SQLException {
        BaseConnection postgres = connection.unwrap(BaseConnection.class);
        setReading(postgres);
        try {
            requireNotGivenUp();
            Sql.execute(connection, Row.FIXED_FORMS);
            copy(postgres, "copy (" + table.rows(connection) + ") to stdout", to);
        } catch (SQLException failure) {
            // A connection that was aborted here is no failure of the database.
            requireNotGivenUp();
            throw failure;
        } finally {
            // The connection is forgotten before it is another's.
            setReading(null);
        }
        return null;
    }

    private void copy(BaseConnection postgres, String sql, OutputStream to) throws SQLException {
        CopyOut rows = postgres.getCopyAPI().copyOut(sql);
        try {
            write(rows, to);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            if (rows.isActive()) {
                // The driver would wait for the end of the rows. The pool's own abort closes nothing.
                postgres.abort(Runnable::run);
            }
        }
    }

    private void write(CopyOut rows, OutputStream to) throws SQLException, IOException {
        byte[] line = rows.readFromCopy();
        requireNotGivenUp();
        order.recorded().run();
        TableFile file =
                switch (order.type()) {
                    case CSV -> new CsvFile(to, table, order.zone());
                    case XLSX -> new XlsxFile(to, table, order.zone());
                    case NDJSON -> new NdjsonFile(to, table);
                    case ZIP, ORIGINAL -> new TableFile.Stored(to);
                };
        file.begin();
        Row row = new Row(rows.getFieldCount());
        while (line != null) {
            requireNotGivenUp();
            row.read(line);
            table.write(row, file);
            written++;
            line = rows.readFromCopy();
        }
        file.end();
    }

    private static Outcome outcome(Throwable failure) {
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            return Outcome.ABANDONED;
        }
        return failure instanceof DatabaseUnavailable ? Outcome.UNAVAILABLE : Outcome.FAILED;
    }

    /** Closing the connection is the only way to report a failure to the reader of a file whose answer has begun. */
    private void breakOff() {
        if (request.response().headWritten()) {
            // The connection's own close would wait for its reader to take what was written.
            ((ConnectionBase) request.connection()).channelHandlerContext().close();
        }
    }

    private void tell(Throwable failure) {
        boolean unforeseen = outcome.get() == Outcome.FAILED;
        if (request.response().headWritten() && (unforeseen || outcome.get() == Outcome.UNAVAILABLE)) {
            LOG.errorf(unforeseen ? failure : null, "export.broken what=%s cause=%s", table.name(), failure);
        }
    }

    /** Ends the reading too: a database that has vanished would hold the place of the export until the network's time-out. */
    private synchronized void giveUp() {
        if (outcome.compareAndSet(null, Outcome.TOO_LONG)) {
            breakOff();
            if (reading != null) {
                abort(reading);
            }
        }
    }

    private static void abort(BaseConnection postgres) {
        try {
            postgres.abort(Runnable::run);
        } catch (SQLException alreadyClosed) {
            // The connection was closed by other means, and nothing is left to abort.
        }
    }

    private synchronized void setReading(BaseConnection postgres) {
        reading = postgres;
    }

    private void requireNotGivenUp() {
        if (outcome.get() != null) {
            throw DatabaseUnavailable.notInTime();
        }
    }
}
