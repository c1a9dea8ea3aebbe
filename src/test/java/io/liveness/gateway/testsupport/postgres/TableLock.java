package io.liveness.gateway.testsupport.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Holds up the statements on a table, so that those behind them share theirs. Closing releases it. */
public final class TableLock implements AutoCloseable {

    private final Connection connection;
    private final String lock;

    private TableLock(DataSource database, String lock) {
        this.lock = lock;
        try {
            this.connection = database.getConnection();
            this.connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        hold();
    }

    /** Holds up reads and writes. */
    public static TableLock againstReads(DataSource database, String table) {
        return new TableLock(database, "lock table " + table + " in access exclusive mode");
    }

    /** Holds up writes. */
    public static TableLock againstWrites(DataSource database, String table) {
        return new TableLock(database, "lock table " + table + " in share mode");
    }

    /** Takes the lock again after {@link #release}. */
    public void hold() {
        try (Statement statement = connection.createStatement()) {
            statement.execute(lock);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void release() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        release();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
