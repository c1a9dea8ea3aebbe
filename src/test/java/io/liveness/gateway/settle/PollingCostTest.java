package io.liveness.gateway.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.schedule.LeaseSessions;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.Explained;
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

    private static final String EPOCH = "'epoch'";
    private static final String SESSIONS = """
            insert into session_schedule (caller, session_id, status, attempt, init_at, token_sealed, token_expires_at,
                                          final_polls_from, next_poll_at)
            select 'polled', gen_random_uuid(), 'PENDING', 1, liveness_now(), '', liveness_now() + interval '1 hour',
                   liveness_now() + interval '55 minutes', liveness_now() + interval '30 minutes'
            from generate_series(1, 100)
            """;
    private static final String POLLS = """
            do $$ begin
                for poll in 1..30 loop
                    update session_schedule set next_poll_at = liveness_now() - interval '1 minute' + poll * interval '1 millisecond';
                    commit;
                end loop;
                update session_schedule set next_poll_at = liveness_now() + interval '30 minutes';
            end $$
            """;
    private static final String ONE_MORE_IS_DUE = """
            insert into session_schedule (caller, session_id, status, attempt, init_at, token_sealed, token_expires_at,
                                          final_polls_from, next_poll_at)
            values ('polled', gen_random_uuid(), 'PENDING', 1, liveness_now(), '', liveness_now() + interval '1 hour',
                    liveness_now() + interval '55 minutes', liveness_now())
            """;

    @Inject
    DataSource database;

    @Inject
    Stored stored;

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
            String polls = plan(
                    statement,
                    LeaseSessions.POLLS,
                    "3600000, 500, 'epoch', 20000, 'epoch', 'infinity', 'epoch', 100, 100");
            assertThat(polls).doesNotContain("Seq Scan", "liveness_session");
            assertThat(part(polls, "for_final_poll")).contains("schedule_of_final_polls");
            assertThat(part(polls, "for_other")).contains("schedule_by_poll");
            assertThat(plan(
                            statement,
                            LeaseSessions.TO_WRITE_OFF,
                            "3600000, 100, 'epoch', 20000, 'epoch', 'infinity', '00000000-0000-0000-0000-000000000000',"
                                    + " 'ffffffff-ffff-ffff-ffff-ffffffffffff'"))
                    .contains("session_schedule_pkey", "schedule_to_write_off")
                    .doesNotContain("Seq Scan", "liveness_session");
            connection.rollback();
        }
    }

    /** As a dump holds it. The versions that polls leave behind stay in the indexes as long. */
    @Test
    void claims_under_an_old_snapshot_read_what_they_read_without_it() throws SQLException {
        stored.execute("delete from session_schedule");
        stored.execute("vacuum session_schedule");
        stored.execute(SESSIONS);
        stored.execute(ONE_MORE_IS_DUE);
        int before = buffersOfAClaim(EPOCH, EPOCH);
        try (Connection dump = database.getConnection();
                Statement snapshot = dump.createStatement()) {
            dump.setAutoCommit(false);
            dump.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            snapshot.execute("select count(*) from session_schedule");
            stored.execute(POLLS);
            stored.execute(ONE_MORE_IS_DUE);

            String[] froms = froms();

            assertThat(buffersOfAClaim(EPOCH, EPOCH)).as("from the beginning").isGreaterThan(3 * before);
            stored.execute(ONE_MORE_IS_DUE);
            assertThat(buffersOfAClaim(froms[0], froms[1])).isLessThanOrEqualTo(2 * before);
        } finally {
            stored.execute("delete from session_schedule");
        }
    }

    private int buffersOfAClaim(String finalPollsFrom, String othersFrom) throws SQLException {
        return Explained.run(
                        database,
                        LeaseSessions.POLLS,
                        "3600000, 500, %s, 20000, 'epoch', 'infinity', %s, 100, 100"
                                .formatted(finalPollsFrom, othersFrom))
                .buffers();
    }

    /** Where the next statement begins with final polls and with others. */
    private String[] froms() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("prepare due as " + LeaseSessions.POLLS);
            try (ResultSet due = statement.executeQuery(
                    "execute due (3600000, 500, 'epoch', 20000, 'epoch', 'infinity', 'epoch', 0, 0)")) {
                due.next();
                return new String[] {
                    "'" + due.getString("final_polls_from") + "'", "'" + due.getString("others_from") + "'"
                };
            } finally {
                statement.execute("deallocate due");
            }
        }
    }

    /** The part of a plan that makes the rows of this name. */
    private static String part(String plan, String name) {
        String after = plan.substring(plan.indexOf("CTE " + name));
        int end = after.indexOf("CTE ", 1);
        return end < 0 ? after : after.substring(0, end);
    }

    private static String plan(Statement statement, String sql, String arguments) throws SQLException {
        statement.execute("prepare looked_at as " + sql);
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
