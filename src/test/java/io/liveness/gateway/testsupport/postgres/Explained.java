package io.liveness.gateway.testsupport.postgres;

import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.PGStatement;

/** How PostgreSQL has run a statement of the service, planned as it is for the service. */
public record Explained(String plan) {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    /** @param values its parameters as SQL, with commas */
    public static Explained run(DataSource database, String sql, String values) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting : PostgresConnections.PLANNER_OFF) {
                statement.execute("set " + setting + " = off");
            }
            statement.execute("prepare looked_at as " + sql);
            Explained explained = explain(statement, "execute looked_at (" + values + ")");
            statement.execute("deallocate looked_at");
            statement.execute("reset all");
            return explained;
        }
    }

    /** Explains a statement of the batch lane, which PostgreSQL's ordinary planner plans. */
    public static Explained run(PreparedStatement of) throws SQLException {
        try (Statement statement = of.getConnection().createStatement()) {
            // The driver tells a statement with its parameters.
            return explain(statement, of.unwrap(PGStatement.class).toString());
        }
    }

    private static Explained explain(Statement statement, String sql) throws SQLException {
        StringJoiner plan = new StringJoiner("\n");
        try (ResultSet lines = statement.executeQuery("explain (analyze, buffers, costs off, timing off) " + sql)) {
            while (lines.next()) {
                plan.add(lines.getString(1));
            }
        }
        return new Explained(plan.toString());
    }

    /** Pages of tables and indexes that it has read. */
    public int buffers() {
        Matcher buffers = BUFFERS.matcher(plan);
        if (!buffers.find()) {
            throw new IllegalStateException(plan);
        }
        return number(buffers.group(1)) + number(buffers.group(2));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
