package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The batch lane: what finance and jobs do, by blocking JDBC on connections of their own, with PostgreSQL's ordinary planner. Few do it at
 * once, and it takes nothing from opens, reads and polls. Its methods block: call them on a worker thread.
 */
@Singleton
public class Batch {

    /** What is done with a connection. It neither commits nor closes it. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    // Of Agroal, whose exception has no type and no state of its own.
    private static final String NO_CONNECTION_IN_TIME = "Sorry, acquisition timeout!";
    // Within the transaction, so that a pooler in between hands out clean connections.
    private static final String READ_WRITE = "set local statement_timeout = ";
    private static final String ONE_MOMENT = "set transaction isolation level repeatable read; " + READ_WRITE;
    private static final int MARGIN_MILLIS = 10_000;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    private final DataSource lane;
    private final Database database;
    private final CommitWatch commits;
    private final int statementTimeout;

    Batch(
            @io.quarkus.agroal.DataSource("batch") DataSource lane,
            Database database,
            CommitWatch commits,
            BatchConfig config) {
        this.lane = lane;
        this.database = database;
        this.commits = commits;
        this.statementTimeout = Math.toIntExact(config.statementTimeout().toMillis());
    }

    /**
     * Does the work in one transaction, and commits it unless the work fails. A failure of the commit leaves open whether it is committed.
     *
     * @throws DatabaseUnavailable when the database is away, or gives no answer in time
     * @throws ProblemException {@code busy}, when all connections of the lane are in use
     */
    public <T> T transact(Work<T> work) {
        if (commits.commitsHang()) {
            throw DatabaseUnavailable.commitsHang();
        }
        return on(READ_WRITE, false, work);
    }

    /** The same for work that only reads: all its statements see the rows of one moment. */
    public <T> T read(Work<T> work) {
        return on(ONE_MOMENT, true, work);
    }

    private <T> T on(String begin, boolean readOnly, Work<T> work) {
        long begun = System.nanoTime();
        try (Connection connection = lane.getConnection()) {
            // After PostgreSQL has ended the statement by its own clock, or did not.
            connection.setNetworkTimeout(Runnable::run, statementTimeout + MARGIN_MILLIS);
            connection.setReadOnly(readOnly);
            connection.setAutoCommit(false);
            T result = inTransaction(connection, begin, work);
            database.ended(Connections.BATCH, null, begun);
            return result;
        } catch (SQLException failure) {
            throw told(failure, begun);
        }
    }

    private <T> T inTransaction(Connection connection, String begin, Work<T> work) throws SQLException {
        try {
            try (Statement limit = connection.createStatement()) {
                limit.execute(begin + statementTimeout);
            }
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (Throwable failure) {
            rollBack(connection, failure);
            throw failure;
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private RuntimeException told(SQLException failure, long begun) {
        if (NO_CONNECTION_IN_TIME.equals(failure.getMessage())) {
            return new ProblemException(
                            CommonProblem.BUSY, "All connections for finance and jobs are in use. Try again.")
                    .retryAfter(BETWEEN_TRIES);
        }
        Throwable told = DatabaseUnavailable.orItself(failure);
        database.ended(Connections.BATCH, told, begun);
        return told instanceof RuntimeException away ? away : new IllegalStateException(failure);
    }
}
