package io.liveness.gateway.statement.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.testsupport.TestDatabase;
import io.vertx.core.json.JsonArray;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL's planner knows earlier bills, and not yet the one that is matched. If it took its results for one row, it would compare each
 * with each fee.
 */
class MatchingPlanTest {

    private static final int FEES = 5_000;

    private static final String SESSIONS = """
            with session as (
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, fee_amount, fee_currency, task_no,
                    verdict_code, created_at, updated_at)
                select gen_random_uuid(), 'history', n::text, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, 1, now(), 80,
                    'CNY', 'task-' || n, 200, now(), now() from generate_series(1, %d) n
                returning id, task_no
            )
            insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, task_no, caller, init_at)
            select id, 'PRE_DEDUCT', 'RULE', 800000, 'CNY', now(), task_no, 'history', now() from session""".formatted(FEES);

    private static final String STATEMENT = """
            insert into statement (id, status, dry_run, sha256, mapping, definition, definition_hash, currency, imported_by, imported_at,
                worked_at)
            values (?, 'DONE', false, sha256(?::text::bytea), 'none', '{}', '', 'CNY', 'finance', now(), now())""";

    private static final String RESULTS = """
            insert into statement_match (id, statement_id, kind, line, session_id, theirs_status)
            select gen_random_uuid(), ?, ?, row_number() over (), s.id, ? from liveness_session s""";

    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void earlier_bills_whose_lines_were_none_of_ours() throws SQLException {
        database.flyway().load().migrate();
        try (Connection connection = database.connect()) {
            Sql.execute(connection, "alter table statement_match set (autovacuum_enabled = false)");
            Sql.execute(connection, SESSIONS);
            for (int earlier = 0; earlier < 4; earlier++) {
                results(connection, MatchKind.MISSING_IN_LEDGER, "REFUNDED");
            }
            Sql.execute(connection, "analyze");
        }
    }

    @Test
    void the_results_of_a_bill_that_was_just_matched_count_for_more_than_one_row() throws SQLException {
        try (Connection connection = database.connect()) {
            UUID mine = results(connection, MatchKind.MATCHED, "CHARGED");

            assertThat(rows(connection, "statement_id = '" + mine + "'")).isGreaterThan(1);
            assertThat(rows(connection, "line is not null and theirs_status = 'CHARGED'"))
                    .isGreaterThan(1);
            assertThat(rows(connection, "kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')"))
                    .isGreaterThan(1);
        }
    }

    /** As many as the planner expects. */
    private static long rows(Connection connection, String where) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet plan =
                        statement.executeQuery("explain (format json) select from statement_match where " + where)) {
            plan.next();
            return new JsonArray(plan.getString(1))
                    .getJsonObject(0)
                    .getJsonObject("Plan")
                    .getLong("Plan Rows");
        }
    }

    private static UUID results(Connection connection, MatchKind kind, String theirs) throws SQLException {
        UUID statement = statement(connection);
        Sql.execute(connection, RESULTS, statement, kind.name(), theirs);
        return statement;
    }

    private static UUID statement(Connection connection) throws SQLException {
        UUID statement = UUID.randomUUID();
        Sql.execute(connection, STATEMENT, statement, statement);
        return statement;
    }
}
