package io.liveness.gateway.plans;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.postgres.SeenStatement;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every statement that the tests before this one have seen the service send is planned well: on tables that are empty and were
 * never analysed, beside a long history, and where a snapshot has kept old versions since the statistics.
 */
@Tag("once")
@Tag("alone")
class StatementPlansIT {

    /** {@code -Dplans.settled=10000000} has many more. */
    private static final long SETTLED = Long.getLong("plans.settled", 200_000);

    private static final double JIT_ABOVE_COST = 100_000;
    private static final int OPEN = 300;

    /** Statements with this text may read these tables whole: they have few rows, or few that an index has. */
    private static final Map<String, Set<String>> SMALL_TABLES = Map.ofEntries(
            // Some dozens a month.
            Map.entry("closing_statement", Set.of("statement")),
            // These tables have a row for each caller with a budget, for each month, and for each mapping that people
            // have saved.
            Map.entry("caller_budget", Set.of("caller_budget", "period")),
            Map.entry("period", Set.of("caller_budget", "period")),
            Map.entry("from statement_mapping order by name", Set.of("statement_mapping")),
            // Some replicas, and as many keys as were ever configured.
            Map.entry("from replica", Set.of("replica", "encryption_key")),
            Map.entry("from opener", Set.of("opener")),
            // A server has some databases.
            Map.entry("pg_stat_activity", Set.of("pg_database", "pg_authid")),
            Map.entry("from pg_locks", Set.of("pg_database")),
            // The books' comparison stores a thousand differences at most.
            Map.entry("books_comparison left join books_difference", Set.of("books_difference")),
            // The partial index of jobs has those under way alone: one of each kind for an endpoint, of which a caller
            // has some.
            Map.entry("webhook_job", Set.of("webhook_job", "webhook_endpoint")),
            // A lease, and what operations read, go through all endpoints.
            Map.entry("from webhook_endpoint p", Set.of("webhook_endpoint")));

    // A statement that begins with a comment is the sandbox's or a test's, and no part of the service.
    private static final Pattern PLANNED =
            Pattern.compile("\\s*(select|insert|update|delete|with)\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    @Test
    void statements_are_cheap_on_tables_that_are_empty_and_were_never_analysed() throws Exception {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            start(around).kill();
            assertThat(broken(around, PlanRule.HIGHEST_COST)).isEmpty();
        }
    }

    @Test
    void statements_are_cheap_beside_a_long_history_and_find_rows_by_an_index_under_an_old_snapshot() throws Exception {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = start(around);
            Answer settled = around.callers().open(gateway.url(), "settled", "pass");
            around.callers().checkLater(gateway.url(), settled.id()).join();
            List<CompletableFuture<Answer>> open = IntStream.range(0, OPEN)
                    .mapToObj(n -> around.callers().openLater(gateway.url(), "open-" + n, "abandon"))
                    .toList();
            assertThat(open.stream().map(answer -> answer.join().status())).containsOnly(201);
            gateway.kill();
            try (Connection database = around.database().connect()) {
                History.fill(database, SETTLED);
            }
            assertThat(broken(around, PlanRule.HIGHEST_COST)).isEmpty();
            try (Connection reader = around.database().connect();
                    Statement snapshot = reader.createStatement();
                    Connection writer = around.database().connect()) {
                snapshot.execute("begin isolation level repeatable read; select from write_probe");
                History.age(writer);
                // No cost: the planner takes each version for a row.
                assertThat(broken(around, Double.MAX_VALUE)).isEmpty();
            }
        }
    }

    private static GatewayProcess start(Surroundings around) {
        GatewayEnvironment environment =
                around.environment().with("jumdata.calls-per-second", "1000").with("liveness.poll.timetable", "1h");
        return around.start(environment);
    }

    private static Set<String> broken(Surroundings around, double highestCost) throws Exception {
        List<SeenStatement> statements = SeenStatement.all().stream()
                .filter(seen -> PLANNED.matcher(seen.sql()).matches())
                .toList();
        assertThat(statements)
                .as("statements that a test has seen; only the whole mvn verify sees them all")
                .isNotEmpty();
        Set<String> broken = new TreeSet<>();
        try (Connection database = around.database().connect()) {
            Planner planner = Planner.asTheService(database);
            Set<String> oneRow = planner.oneRowTables();
            for (SeenStatement statement : statements) {
                for (Planner.Mode mode : Planner.Mode.values()) {
                    rule(statement, oneRow, highestCost)
                            .brokenBy(planner.plan(statement, mode), mode == Planner.Mode.FORCE_GENERIC_PLAN)
                            .forEach(sentence -> broken.add(beginning(statement) + mode + ": " + sentence));
                }
            }
        }
        return broken;
    }

    private static PlanRule rule(SeenStatement statement, Set<String> oneRow, double highestCost) {
        String sql = statement.sql();
        // A page of a proof reads 1000 fees, each with its ledger rows by key; a page of all callers reads that of
        // each.
        if (sql.contains("proof_fee") || sql.contains("proof_adjustment") || sql.contains("callers() k")) {
            return new PlanRule(oneRow, Math.max(highestCost, JIT_ABOVE_COST));
        }
        Set<String> small = new HashSet<>(oneRow);
        SMALL_TABLES.forEach((text, tables) -> {
            if (sql.contains(text)) {
                small.addAll(tables);
            }
        });
        return new PlanRule(small, highestCost);
    }

    private static String beginning(SeenStatement statement) {
        String line = statement.sql().strip().replaceAll("\\s+", " ");
        return line.substring(0, Math.min(line.length(), 160)) + "… ";
    }

    /** Asks PostgreSQL how it would carry statements out, on one connection. */
    private record Planner(Connection connection) {

        /** PostgreSQL plans for the values at hand, or for any values, which a long-lived connection ends up with. */
        enum Mode {
            FORCE_CUSTOM_PLAN,
            FORCE_GENERIC_PLAN
        }

        private static final ObjectMapper JSON = new ObjectMapper();
        private static final String ONE_ROW_TABLES = """
                select attrelid::regclass::text from pg_attribute
                where attname = 'only_row' and attrelid in (select oid from pg_class where relkind = 'r')
                """;

        /** The connection gets the settings that the service gives its own. */
        static Planner asTheService(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                for (String setting : PostgresConnections.PLANNER_OFF) {
                    statement.execute("set " + setting + " = off");
                }
            }
            return new Planner(connection);
        }

        /** The tables that the schema allows one row: their key is a column {@code only_row}. */
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
}
