package io.liveness.gateway.plans;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.testsupport.postgres.SeenStatement;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks PostgreSQL how it would carry statements out, on one connection. */
record Planner(Connection connection) {

    /** For the values at hand, or for any values: the plan that a long-lived connection ends up with. */
    enum Mode {
        FORCE_CUSTOM_PLAN,
        FORCE_GENERIC_PLAN
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE_ROW_TABLES = """
            select attrelid::regclass::text from pg_attribute
            where attname = 'only_row' and attrelid in (select oid from pg_class where relkind = 'r')
            """;

    /** On a connection with the settings that the service gives its own. */
    static Planner asTheService(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : PostgresConnections.PLANNER_OFF) {
                statement.execute("set " + setting + " = off");
            }
        }
        return new Planner(connection);
    }

    /** Those that the schema allows one row: their key is a column {@code only_row}. */
    Set<String> oneRowTables() throws SQLException {
        Set<String> tables = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ONE_ROW_TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    JsonNode plan(SeenStatement seen, Mode mode) throws SQLException {
        String arguments = seen.values().stream().map(Planner::literal).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("set plan_cache_mode = " + mode);
            statement.execute("prepare asked as " + seen.sql());
            try (ResultSet plan = statement.executeQuery(
                    "explain (format json) execute asked" + (arguments.isEmpty() ? "" : "(" + arguments + ")"))) {
                plan.next();
                return JSON.readTree(plan.getString(1)).path(0).path("Plan");
            } finally {
                statement.execute("deallocate asked");
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String literal(String value) {
        return value == null ? "null" : "'" + value.replace("'", "''") + "'";
    }
}
