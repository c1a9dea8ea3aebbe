package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * The batch lane: what finance and jobs do, by blocking JDBC on connections of their own, with PostgreSQL's ordinary planner. Few do it at
 * once, and it takes nothing from opens, reads and polls. Its methods block: call them on a worker thread.
 */
@Startup // its metric is there from the start
@Singleton
public class Batch {

    /** What is done with a connection. It neither commits nor closes it. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Limits of the batch lane. Its connections are {@code quarkus.datasource.batch}. */
    @ConfigMapping(prefix = "liveness.batch")
    interface BatchLimits {

        /** Limit of a query of finance or a job; 30 seconds when a request waits for it. */
        @WithDefault("10m")
        @DurationMin(seconds = 10, message = "liveness.batch.statement-timeout must be at least 10s")
        @DurationMax(hours = 4, message = "liveness.batch.statement-timeout must be at most 4h")
        Duration statementTimeout();
    }

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** The time for the statement of a request that somebody waits for. */
    public static final Duration OF_A_REQUEST = Duration.ofSeconds(30);

    // The message of Agroal's exception, whose type and state say nothing more.
    private static final String NO_CONNECTION_IN_TIME = "Sorry, acquisition timeout!";
    // Within the transaction, so that a pooler in between hands out clean connections. JIT compiles a statement anew at
    // each execution, in each of its workers: that takes longer than most of these.
    private static final String READ_WRITE = "set local jit = off; set local statement_timeout = %d;"
            + " set local idle_in_transaction_session_timeout = %d";
    private static final String ONE_MOMENT = "set transaction isolation level repeatable read; " + READ_WRITE;
    private static final int MARGIN_MILLIS = 10_000;
    /**
     * The time for the first answer, so that a connection that is cut off is noticed before the statement that takes
     * long.
     */
    private static final int FIRST_ANSWER_MILLIS = 5_000;

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    private final DataSource lane;
    private final Database database;
    private final DatabaseHealth health;
    private final Duration longest;
    private final int connections;
    private final AtomicInteger inUse = new AtomicInteger();

    Batch(
            @io.quarkus.agroal.DataSource("batch") DataSource lane,
            @ConfigProperty(name = "quarkus.datasource.batch.jdbc.max-size") int connections,
            Database database,
            DatabaseHealth health,
            BatchLimits config,
            MeterRegistry registry) {
        this.lane = lane;
        this.connections = connections;
        this.database = database;
        this.health = health;
        this.longest = config.statementTimeout();
        Gauge.builder("liveness.batch.connections", inUse::get)
                .description("Connections of the batch lane in use")
                .register(registry);
    }

    /**
     * Does the work in one transaction, and commits it unless the work fails. A failure of the commit leaves open whether it is committed.
     *
     * @throws DatabaseUnavailable when the database is away, or gives no answer in time
     * @throws ProblemException {@code busy}, when all connections of the lane are in use
     */
    public <T> T transact(Work<T> work) {
        if (health.commitsHang()) {
            throw DatabaseUnavailable.commitsHang();
        }
        return on(READ_WRITE, longest, false, work);
    }

    /**
     * Does the work in one transaction, as {@link #transact(Work)} does, that waits five seconds for a lock at most.
     *
     * @param locked makes the failure when a lock is not free by then
     */
    public <T> T transact(Work<T> work, Supplier<? extends RuntimeException> locked) {
        return transact(connection -> {
            Sql.execute(connection, "set local lock_timeout = '5s'");
            try {
                return work.with(connection);
            } catch (SQLException failure) {
                if (LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                    throw locked.get();
                }
                throw failure;
            }
        });
    }

    /** Does work that only reads in one transaction: all its statements see the rows of one moment. */
    public <T> T read(Work<T> work) {
        return read(longest, work);
    }

    /**
     * Does work that only reads in one transaction, whose statements see the rows of one moment and have this limit.
     *
     * @param limit of each statement
     */
    public <T> T read(Duration limit, Work<T> work) {
        return on(ONE_MOMENT, limit, true, work);
    }

    private <T> T on(String begin, Duration limit, boolean readOnly, Work<T> work) {
        long begun = System.nanoTime();
        try (Connection connection = lane.getConnection()) {
            connection.setReadOnly(readOnly);
            connection.setAutoCommit(false);
            T result = inTransaction(connection, begin, Math.toIntExact(limit.toMillis()), work);
            database.ended(Connections.BATCH, true, null, begun);
            return result;
        } catch (SQLException failure) {
            throw told(failure, failure, begun);
        } catch (RuntimeException failure) {
            // Work wraps the exceptions of its connection.
            throw DatabaseFailure.causes(failure)
                    .filter(SQLException.class::isInstance)
                    .findFirst()
                    .map(ofDriver -> told((SQLException) ofDriver, failure, begun))
                    .orElse(failure);
        }
    }

    private <T> T inTransaction(Connection connection, String begin, int limit, Work<T> work) throws SQLException {
        inUse.incrementAndGet();
        try {
            try (Statement beginning = connection.createStatement()) {
                beginning.execute(begin.formatted(limit, limit));
            }
            // After PostgreSQL has ended the statement by its own clock, or did not.
            connection.setNetworkTimeout(Runnable::run, limit + MARGIN_MILLIS);
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (Throwable failure) {
            rollBack(connection, failure);
            throw failure;
        } finally {
            inUse.decrementAndGet();
            awaitFirstAnswer(connection);
        }
    }

    /** The pool asks a connection whether it lives before it hands it out. */
    private static void awaitFirstAnswer(Connection connection) {
        try {
            connection.setNetworkTimeout(Runnable::run, FIRST_ANSWER_MILLIS);
        } catch (SQLException closed) {
            // The pool drops it.
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private RuntimeException told(SQLException ofDriver, Exception failure, long begun) {
        boolean none = NO_CONNECTION_IN_TIME.equals(ofDriver.getMessage());
        if (none && inUse.get() >= connections) {
            return new ProblemException(ProblemCode.BUSY, "All connections for finance and jobs are in use. Try again.")
                    .retryAfter(BETWEEN_TRIES);
        }
        Throwable told =
                database.failed(Connections.BATCH, !none, none ? DatabaseUnavailable.notInTime() : ofDriver, begun);
        if (told instanceof RuntimeException away) {
            return away;
        }
        return failure instanceof RuntimeException wrapped ? wrapped : new IllegalStateException(failure);
    }
}
