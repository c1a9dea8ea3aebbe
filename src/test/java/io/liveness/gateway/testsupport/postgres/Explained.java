package io.liveness.gateway.testsupport.postgres;

import io.liveness.gateway.platform.postgres.connection.PlannerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** How PostgreSQL has run a statement of the service, planned as it is for the service. */
public record Explained(String plan) {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    /** @param values its parameters as SQL, with commas */
    public static Explained run(DataSource database, String sql, String values) throws SQLException {
        return run(database, sql, values, List.of());
    }

    /** @param off more settings that the service has off for this statement */
    public static Explained run(DataSource database, String sql, String values, List<String> off) throws SQLException {
        StringJoiner plan = new StringJoiner("\n");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting :
                    Stream.concat(PlannerSettings.OFF.stream(), off.stream()).toList()) {
                statement.execute("set " + setting + " = off");
            }
            statement.execute("prepare looked_at as " + sql);
            try (ResultSet lines = statement.executeQuery(
                    "explain (analyze, buffers, costs off, timing off) execute looked_at (" + values + ")")) {
                while (lines.next()) {
                    plan.add(lines.getString(1));
                }
            }
            statement.execute("deallocate looked_at");
            statement.execute("reset all");
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
