package io.liveness.gateway.platform.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Statements of the {@link Batch} lane, each with its parameters in their order. */
public final class Sql {

    /** Makes a value of the row that a result stands at. */
    @FunctionalInterface
    public interface RowMapper<R> {
        R of(ResultSet row) throws SQLException;
    }

    private static final int AT_ONCE = 5_000;

    private Sql() {}

    /** @param parameters values, optional ones, or null; a time is an {@link Instant}, and a {@link Where} is all values of its conditions */
    public static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        int at = 0;
        for (Object value : flat(parameters)) {
            set(statement, ++at, value);
        }
        return statement;
    }

    private static List<Object> flat(Object... parameters) {
        List<Object> flat = new ArrayList<>();
        for (Object parameter : parameters) {
            if (parameter instanceof Where where) {
                flat.addAll(flat(where.values().toArray()));
            } else {
                flat.add(parameter);
            }
        }
        return flat;
    }

    private static void set(PreparedStatement statement, int at, Object given) throws SQLException {
        Object value = given instanceof Optional<?> optional ? optional.orElse(null) : given;
        if (value == null) {
            statement.setNull(at, Types.NULL);
        } else if (value instanceof Instant time) {
            statement.setObject(at, time.atOffset(ZoneOffset.UTC));
        } else if (value instanceof Enum<?> constant) {
            statement.setString(at, constant.name());
        } else {
            statement.setObject(at, value);
        }
    }

    /** The statement with literals for its parameters, as PostgreSQL itself quotes them: {@code COPY} takes no parameters. */
    public static String withLiterals(Connection connection, String sql, Object... parameters) throws SQLException {
        List<Object> given = flat(parameters);
        String literals = "select format(?::text" + ", ?::text".repeat(given.size()) + ")";
        given.add(0, sql.replace("%", "%%").replace("?", "%L"));
        return first(connection, literals, row -> row.getString(1), given.toArray())
                .orElseThrow();
    }

    /** All rows at once. */
    public static <R> List<R> list(Connection connection, String sql, RowMapper<R> row, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<R> list = new ArrayList<>();
            while (rows.next()) {
                list.add(row.of(rows));
            }
            return list;
        }
    }

    /** Hands over each row, with some thousand in memory at a time. The statement is one of a transaction. */
    public static <R> void forEach(
            Connection connection, String sql, RowMapper<R> row, Consumer<R> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.setFetchSize(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.accept(row.of(rows));
                }
            }
        }
    }

    /** The first row, if there is one. */
    public static <R> Optional<R> first(Connection connection, String sql, RowMapper<R> row, Object... parameters)
            throws SQLException {
        return list(connection, sql, row, parameters).stream().findFirst();
    }

    /** @return how many rows were changed */
    public static int execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /** A column of rows as an array. */
    public static <T, C> Array array(
            Connection connection, String type, IntFunction<C[]> make, List<T> rows, Function<T, C> column)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(column).toArray(make));
    }

    /** The time in a column; null where it has none. */
    public static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
