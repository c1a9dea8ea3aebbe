package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Prevents other writes to the ledger until it is closed. Reads continue. */
public final class HeldLedger implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final String OTHERS = " from pg_stat_activity where datname = current_database()"
            + " and backend_type = 'client backend' and pid <> pg_backend_pid()";

    private final Connection connection;

    private HeldLedger(Connection connection) {
        this.connection = connection;
    }

    public static HeldLedger of(TestDatabase database) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        HeldLedger held = new HeldLedger(connection);
        held.execute("lock table ledger_entry in exclusive mode");
        return held;
    }

    public void awaitWriter() {
        Patience.await("a statement to wait for the ledger", LONGEST_WAIT)
                .until(() -> count("select count(*)" + OTHERS
                                + " and wait_event_type = 'Lock' and query like '%insert into ledger_entry%'")
                        > 0);
    }

    /** Cancels the waiting writes, so that they are not done after their senders have ended. */
    public void endWriters() {
        Patience.await("the other connections to end", LONGEST_WAIT).until(() -> {
            count("select count(pg_terminate_backend(pid))" + OTHERS);
            return count("select count(*)" + OTHERS) == 0;
        });
    }

    private long count(String sql) throws SQLException {
        // The statistics are otherwise those of the first look in this transaction.
        execute("select pg_stat_clear_snapshot()");
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
