package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * One export. The request's thread writes the file, while another one reads the next rows from a cursor. So at most three portions of rows
 * are in memory.
 */
final class ExportRun<R> {

    private static final Logger LOG = Logger.getLogger(ExportRun.class);

    private static final long LOOK_MILLIS = 250;

    /** How an export ended. */
    enum Outcome {
        /** The whole file was sent. */
        DONE,
        /** The reader left. */
        ABANDONED,
        /** The reader took nothing for longer than {@code liveness.exports.stall-timeout}. */
        STALLED,
        /** It took longer than {@code liveness.exports.max-duration}. */
        TOO_LONG,
        /** The database was away. */
        UNAVAILABLE,
        /** Something unforeseen. */
        FAILED;

        /** As metrics and the log have it. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Exports.Order order;
    private final Table<R> table;
    private final Batch batch;
    private final ScheduledExecutorService threads;
    private final HttpServerRequest request;
    private final long longest;
    private final long longestStall;

    private final BlockingQueue<Portion<R>> read = new ArrayBlockingQueue<>(1);
    private final AtomicReference<Outcome> outcome = new AtomicReference<>();
    private volatile Statement reading;
    /** Since when the reader of the file is to take what is being sent; 0 while nothing is. */
    private volatile long sendingSince;

    private long written;

    /**
     * Rows that were read.
     *
     * @param rows none when there are no more
     * @param failure of the reading; null when there is none
     */
    private record Portion<R>(List<R> rows, RuntimeException failure) {}

    ExportRun(
            Exports.Order order,
            Table<R> table,
            Batch batch,
            ExportsConfig config,
            ScheduledExecutorService threads,
            HttpServerRequest request) {
        this.order = order;
        this.table = table;
        this.batch = batch;
        this.threads = threads;
        this.request = request;
        this.longest = config.maxDuration().toNanos();
        this.longestStall = config.stallTimeout().toNanos();
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
        long begun = System.nanoTime();
        Future<?> watch =
                threads.scheduleAtFixedRate(() -> watch(begun), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        threads.execute(this::read);
        try {
            Portion<R> portion = next();
            order.recorded().run();
            OutputStream sent = new Sent(to);
            TableFile file =
                    switch (order.type()) {
                        case CSV -> new CsvFile(sent, table, order.zone());
                        case XLSX -> new XlsxFile(sent, table, order.zone());
                        case NDJSON -> NdjsonFile.of(table, sent);
                        case ZIP -> new TableFile.Stored(sent);
                    };
            file.begin();
            while (!portion.rows().isEmpty()) {
                for (R row : portion.rows()) {
                    table.write(row, file);
                }
                file.flush();
                written += portion.rows().size();
                portion = next();
            }
            file.end();
            outcome.compareAndSet(null, Outcome.DONE);
        } catch (Throwable failure) {
            if (outcome.compareAndSet(null, outcome(failure))) {
                tell(failure);
                breakOff();
            }
            // Else the reader of the file has seen its connection end.
            if (!request.response().headWritten()) {
                throw failure;
            }
        } finally {
            watch.cancel(false);
            stopReading();
        }
    }

    private static Outcome outcome(Throwable failure) {
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            return Outcome.ABANDONED;
        }
        return failure instanceof DatabaseUnavailable ? Outcome.UNAVAILABLE : Outcome.FAILED;
    }

    /** Once the answer has begun, closing the connection is the only way to report a failure to the reader of the file. */
    private void breakOff() {
        if (request.response().headWritten()) {
            // Not by its own close, which waits for its reader to take what was written.
            ((ConnectionBase) request.connection()).channelHandlerContext().close();
        }
    }

    private void tell(Throwable failure) {
        boolean unforeseen = outcome.get() == Outcome.FAILED;
        if (request.response().headWritten() && (unforeseen || outcome.get() == Outcome.UNAVAILABLE)) {
            LOG.errorf(unforeseen ? failure : null, "export.broken what=%s cause=%s", table.name(), failure);
        }
    }

    /** The next rows, once they are read. */
    private Portion<R> next() {
        Portion<R> next = null;
        while (next == null) {
            if (outcome.get() != null) {
                throw DatabaseUnavailable.notInTime();
            }
            try {
                next = read.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        if (next.failure() != null) {
            throw next.failure();
        }
        return next;
    }

    private void read() {
        try {
            batch.read(this::readAll);
            put(new Portion<>(List.of(), null));
        } catch (RuntimeException failure) {
            put(new Portion<>(List.of(), failure));
        }
    }

    private Void readAll(Connection connection) throws SQLException {
        try (PreparedStatement statement = table.rows(connection)) {
            int size = table.portion();
            statement.setFetchSize(size);
            reading = statement;
            try (ResultSet rows = statement.executeQuery()) {
                List<R> portion = new ArrayList<>(size);
                while (outcome.get() == null && rows.next()) {
                    portion.add(table.read(rows));
                    if (portion.size() == size) {
                        put(new Portion<>(portion, null));
                        portion = new ArrayList<>(size);
                    }
                }
                if (!portion.isEmpty()) {
                    put(new Portion<>(portion, null));
                }
            }
        } catch (SQLException failure) {
            if (outcome.get() == null) {
                throw failure;
            }
            connection.rollback();
        } finally {
            reading = null;
        }
        return null;
    }

    /** Waits until the rows before are taken, unless the export has ended. */
    private void put(Portion<R> portion) {
        try {
            while (outcome.get() == null && !read.offer(portion, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                // It looks whether the export has ended, and waits on.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what takes too long, from a thread of its own: the request's may wait for the reader of the file without end. */
    private void watch(long begun) {
        long now = System.nanoTime();
        long sending = sendingSince;
        if (now - begun > longest) {
            giveUp(Outcome.TOO_LONG);
        } else if (sending != 0 && now - sending > longestStall) {
            giveUp(Outcome.STALLED);
        }
    }

    private void giveUp(Outcome why) {
        if (outcome.compareAndSet(null, why)) {
            breakOff();
            stopReading();
        }
    }

    private void stopReading() {
        Statement running = reading;
        try {
            if (running != null) {
                running.cancel();
            }
        } catch (SQLException ended) {
            // By itself, or with its connection.
        }
    }

    /** The answer's body. It tells since when the reader takes nothing. */
    private final class Sent extends FilterOutputStream {

        Sent(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            sendingSince = System.nanoTime();
            out.write(bytes, from, length);
            sendingSince = 0;
        }

        @Override
        public void flush() throws IOException {
            sendingSince = System.nanoTime();
            out.flush();
            sendingSince = 0;
        }

        /** The framework ends the answer. */
        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
