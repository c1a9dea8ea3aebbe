package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets.WithoutSchema;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * What a failure of the reactive driver, its pool or JDBC says about a statement. States are those of PostgreSQL's manual, appendix A.
 *
 * <p>A missing table or right is the database's: tests run each statement on the schema of its release. A missing column, function or
 * operator is a fault of ours: it may depend on the parameters of one statement. A schema that is not seen at all, by a wrong
 * {@code search_path}, is noticed when the connection is made.
 */
public enum DatabaseFailure {
    /**
     * No connection, no resources, or a server that stops or starts: it passes. A server that is not ready answers 55000 where it takes no
     * connections, and 0A000 where a standby has no unlogged table.
     */
    AWAY("The database cannot be reached", "08", "53", "57P", "58", "25P03", "25P04", "55000", "0A000"),
    /** A standby, or a server without space that takes no writes: it passes. */
    ONLY_READS("The database only reads", "25006"),
    /** A lock, a limit of time, a deadlock, or a full queue of NOTIFY (54000): another try may succeed, of fewer rows sooner. */
    HELD_UP("The statement was held up", "57014", "55P03", "40", "54000"),
    /** Wrong password, trust, name of the database, schema or rights: it lasts until somebody mends it. */
    NO_ACCESS("The database refuses the service", "28", "3D", "3F", "42501", "42P01", "08004"),
    /** A value of a row: the same statement always fails. */
    REFUSED_VALUE("The database refuses a value", "22", "23", "54"),
    /** A fault of the service. */
    FAULT("The statement failed");

    private static final int DEEPEST_CAUSE = 10;
    // Messages of the pools and their connections, whose exceptions have no type of their own.
    private static final List<String> NO_CONNECTION = List.of(
            "Timeout", "Connection is not active now", "Pending requests failed", "Sorry, acquisition timeout!");
    private static final List<String> NO_TLS = List.of("SSL handshake failed", "Postgres Server does not handle SSL");
    private static final String JDBC_LOST_OR_REFUSED = "08006";

    private final String meaning;
    private final List<String> states;

    /** @param states their beginnings; of two that fit the longer one counts */
    DatabaseFailure(String meaning, String... states) {
        this.meaning = meaning;
        this.states = List.of(states);
    }

    /** The first of a failure and its causes that says anything decides. */
    public static DatabaseFailure of(Throwable failure) {
        List<Throwable> causes = causes(failure).toList();
        if (causes.stream().anyMatch(DatabaseFailure::isOfTls)
                && causes.stream().noneMatch(DatabaseFailure::isLostConnection)) {
            return NO_ACCESS;
        }
        return causes.stream()
                .map(cause -> judge(cause, causes))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(FAULT);
    }

    static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE);
    }

    private static Optional<DatabaseFailure> judge(Throwable cause, List<Throwable> causes) {
        if (cause instanceof DatabaseUnavailable known) {
            return Optional.of(known.failure());
        }
        if (cause instanceof ServerOnlyReads) {
            return Optional.of(ONLY_READS);
        }
        if (cause instanceof WithoutSchema) {
            return Optional.of(NO_ACCESS);
        }
        String state = state(cause);
        if (state != null) {
            // JDBC has one state for a connection that is lost and for a server whose name is not the certificate's.
            boolean refused = JDBC_LOST_OR_REFUSED.equals(state)
                    && cause instanceof SQLException
                    && causes.stream().noneMatch(IOException.class::isInstance);
            return Optional.of(refused ? NO_ACCESS : ofState(state));
        }
        boolean away = cause instanceof IOException
                || cause instanceof TimeoutException
                || cause instanceof ClosedConnectionException
                || cause instanceof ConnectionPoolTooBusyException
                || begins(cause, NO_CONNECTION);
        return away ? Optional.of(AWAY) : Optional.empty();
    }

    private static boolean isOfTls(Throwable cause) {
        return cause instanceof GeneralSecurityException || cause instanceof SSLException || begins(cause, NO_TLS);
    }

    /** A server that stops, or a fail-over, ends a handshake too. */
    private static boolean isLostConnection(Throwable cause) {
        return cause instanceof EOFException || cause instanceof SocketException;
    }

    private static boolean begins(Throwable cause, List<String> messages) {
        return messages.stream().anyMatch(String.valueOf(cause.getMessage())::startsWith);
    }

    /** PostgreSQL's or the driver's; null when it has none. */
    static String state(Throwable failure) {
        if (failure instanceof PgException refused) {
            return refused.getSqlState();
        }
        return failure instanceof SQLException refused ? refused.getSQLState() : null;
    }

    static DatabaseFailure ofState(String state) {
        DatabaseFailure found = FAULT;
        int longest = 0;
        for (DatabaseFailure failure : values()) {
            for (String beginning : failure.states) {
                if (state.startsWith(beginning) && beginning.length() > longest) {
                    found = failure;
                    longest = beginning.length();
                }
            }
        }
        return found;
    }

    /** Whether the service may do its work by trying later, as far as this one is concerned: callers are told so. */
    boolean isUnavailable() {
        return this != REFUSED_VALUE && this != FAULT;
    }

    /** Whether it passes without anybody's doing. */
    public boolean passes() {
        return isUnavailable() && this != NO_ACCESS;
    }

    String meaning() {
        return meaning;
    }
}
