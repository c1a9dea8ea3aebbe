package io.liveness.gateway.statement.matching;

import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Sql.RowMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The rows of a query, some thousand in memory at a time. Several may be open in one transaction. */
final class Cursor<T> implements Iterator<T>, AutoCloseable {

    private static final int AT_ONCE = 5_000;

    private final PreparedStatement statement;
    private final ResultSet rows;
    private final RowMapper<T> mapper;
    private boolean isThere;

    Cursor(Connection connection, String sql, RowMapper<T> mapper, Object... parameters) throws SQLException {
        this.statement = Sql.prepare(connection, sql, parameters);
        this.statement.setFetchSize(AT_ONCE);
        this.rows = statement.executeQuery();
        this.mapper = mapper;
        this.isThere = rows.next();
    }

    @Override
    public boolean hasNext() {
        return isThere;
    }

    @Override
    public T next() {
        if (!isThere) {
            throw new NoSuchElementException();
        }
        try {
            T row = mapper.of(rows);
            isThere = rows.next();
            return row;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
