package io.liveness.gateway.session.settling;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.session.leasing.LeasingSql;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The cost of reconciling depends on the unsettled sessions: its statements read partial indexes, not the history. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class PollingCostTest {

    private static final String HISTORY = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, created_at, updated_at)
            select gen_random_uuid(), 'history', n::text, '', 'PASSED', 'NONE', 'wx.history', 'SILENT', '', true, true, 1,
                now(), now(), now()
            from generate_series(1, 50000) n
            """;

    /** Other tests and autovacuum may have analysed the schedule, with any few rows. */
    private static final List<String> NEVER_ANALYSED = List.of(
            "delete from pg_statistic where starelid = 'session_schedule'::regclass",
            "update pg_class set reltuples = -1, relpages = 0 where oid = 'session_schedule'::regclass"
                    + " or oid in (select indexrelid from pg_index where indrelid = 'session_schedule'::regclass)");

    @Inject
    DataSource database;

    @Test
    void the_statements_read_only_their_partial_indexes() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(HISTORY);
            statement.execute("analyze liveness_session");
            for (String forgotten : NEVER_ANALYSED) {
                statement.execute(forgotten);
            }

            statement.execute("set local enable_seqscan = off");
            String polls =
                    plan(statement, "float8, int, int, float8, int", LeasingSql.POLLS, "20000, 100, 100, 3600000, 500");
            assertThat(polls).doesNotContain("Seq Scan", "liveness_session");
            assertThat(part(polls, "for_final_poll")).contains("schedule_of_last_looks");
            assertThat(part(polls, "for_other")).contains("schedule_by_look");
            assertThat(plan(statement, "float8, int, float8", LeasingSql.TO_WRITE_OFF, "20000, 100, 3600000"))
                    .contains("schedule_by_end", "schedule_to_write_off")
                    .doesNotContain("Seq Scan", "liveness_session");
            assertThat(plan(statement, "float8, int", LeasingSql.COUNT, "3600000, 100"))
                    .contains("schedule_of_last_looks", "schedule_by_look")
                    .doesNotContain("Seq Scan", "liveness_session");
            connection.rollback();
        }
    }

    /** The part of a plan that makes the rows of this name. */
    private static String part(String plan, String name) {
        String after = plan.substring(plan.indexOf("CTE " + name));
        int end = after.indexOf("CTE ", 1);
        return end < 0 ? after : after.substring(0, end);
    }

    private static String plan(Statement statement, String types, String sql, String arguments) throws SQLException {
        statement.execute("prepare looked_at (" + types + ") as " + sql);
        // The plan that a long-lived connection ends up with.
        statement.execute("set local plan_cache_mode = force_generic_plan");
        StringJoiner plan = new StringJoiner("\n");
        try (ResultSet lines = statement.executeQuery("explain (costs off) execute looked_at (" + arguments + ")")) {
            while (lines.next()) {
                plan.add(lines.getString(1));
            }
        }
        statement.execute("deallocate looked_at");
        return plan.toString();
    }
}
