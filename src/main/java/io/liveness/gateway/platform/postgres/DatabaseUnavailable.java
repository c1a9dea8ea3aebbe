package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A statement was not carried out, or its answer was lost, for want of a database. The same may succeed a little later. */
public final class DatabaseUnavailable extends RuntimeException {

    private static final int DEEPEST_CAUSE = 10;

    // PostgreSQL's manual, appendix A. Connection exceptions, insufficient resources, shutdown or start under way.
    private static final String NO_CONNECTION = "08";
    private static final List<String> PASSING_CLASSES = List.of(NO_CONNECTION, "53", "57P");
    private static final String ONLY_READS = "25006";
    // Cancelled, by the limit of time; a standby, for a write and for an unlogged table; a database that takes no
    // connections.
    private static final Set<String> PASSING = Set.of("57014", ONLY_READS, "0A000", "55000");
    // Messages of the pool and its connections, whose exceptions have no specific type.
    private static final List<String> PASSING_MESSAGES = List.of(
            "Timeout", "Timeout waiting for connection", "Connection is not active now", "Pending requests failed");

    private DatabaseUnavailable(Throwable cause) {
        super(isOnlyReads(cause) ? "The database only reads" : "The database cannot be reached", cause);
    }

    /** For want of an answer within the time there is. */
    public static DatabaseUnavailable notInTime() {
        return new DatabaseUnavailable(new TimeoutException("No answer in time"));
    }

    /** Fails a statement that is not tried, as the statements before it failed. */
    DatabaseUnavailable still() {
        return new DatabaseUnavailable(
                onlyReads() ? getCause() : new TimeoutException("No statement is answered at the moment"));
    }

    /** Whether the database answers, and takes no writes. */
    public boolean onlyReads() {
        return isOnlyReads(getCause());
    }

    /** Whether a failure says that the server of its connection takes no writes. */
    static boolean isOnlyReads(Throwable failure) {
        return failure instanceof ServerOnlyReads || ONLY_READS.equals(state(failure));
    }

    /** PostgreSQL's or the driver's; null when it has none. */
    private static String state(Throwable failure) {
        if (failure instanceof PgException refused) {
            return refused.getSqlState();
        }
        return failure instanceof SQLException refused ? refused.getSQLState() : null;
    }

    static DatabaseUnavailable commitsHang() {
        return new DatabaseUnavailable(new TimeoutException("Commits wait for a synchronous standby"));
    }

    /** In a few words, for the log. */
    String reason() {
        return getMessage() + ": " + getCause().getMessage();
    }

    /** Whether it is PostgreSQL that says so. */
    boolean isAnswer() {
        return getCause() instanceof PgException
                || (getCause() instanceof SQLException && !state(getCause()).startsWith(NO_CONNECTION));
    }

    /** The want of a database that is behind a failure of any work, if it is. */
    public static Optional<DatabaseUnavailable> behind(Throwable failure) {
        return cause(failure, DatabaseUnavailable.class::isInstance).map(DatabaseUnavailable.class::cast);
    }

    /** The same of what a driver has thrown: its failures of input and output are those of the database's connection. */
    public static Optional<DatabaseUnavailable> behindDriver(Throwable failure) {
        return behind(failure)
                .or(() -> cause(failure, DatabaseUnavailable::isPassing).map(DatabaseUnavailable::new));
    }

    /** A failure of this type when the database was away, else the driver's failure itself. */
    static Throwable orItself(Throwable failure) {
        return behindDriver(failure).<Throwable>map(away -> away).orElse(failure);
    }

    /** The first one that fits, of a failure and its causes. */
    static Optional<Throwable> cause(Throwable failure, Predicate<Throwable> fits) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .filter(fits)
                .findFirst();
    }

    private static boolean isPassing(Throwable failure) {
        String state = state(failure);
        if (state != null) {
            return PASSING.contains(state) || PASSING_CLASSES.stream().anyMatch(state::startsWith);
        }
        if (failure instanceof PgException) {
            return false;
        }
        return failure instanceof ServerOnlyReads
                || failure instanceof IOException
                || failure instanceof TimeoutException
                || failure instanceof ClosedConnectionException
                || failure instanceof ConnectionPoolTooBusyException
                || PASSING_MESSAGES.stream().anyMatch(String.valueOf(failure.getMessage())::startsWith);
    }
}
