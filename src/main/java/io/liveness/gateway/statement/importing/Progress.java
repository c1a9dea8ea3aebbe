package io.liveness.gateway.statement.importing;

import io.liveness.gateway.statement.StoreStatements;
import io.liveness.gateway.statement.reading.Reading;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells each second how far an import is: for clients that wait, and as a sign of life. It tells it outside of the import's transaction,
 * also while that waits for another one.
 */
class Progress implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Progress.class);

    private final StoreStatements statements;
    private final UUID statement;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> ticks;
    private volatile long bytesRead;
    private volatile int lines;
    private volatile int linesMatched;
    private volatile Optional<Reading> reading = Optional.empty();

    Progress(StoreStatements statements, UUID statement, ScheduledExecutorService timer) {
        this.statements = statements;
        this.statement = statement;
        this.timer = timer;
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
