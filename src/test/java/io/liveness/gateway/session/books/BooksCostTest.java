package io.liveness.gateway.session.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.connection.PlannerSettings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A pass reads as much in a long history as in a short one, with any statistics of the tables. */
class BooksCostTest {

    private static final int SHORT = 3_000;
    private static final int LONG = Integer.getInteger("books.history", 30_000);

    // PostgreSQL's limit for compiling a statement, jit_above_cost. The plans are of empty or of analysed tables.
    private static final double COMPILED_ABOVE = 100_000;

    private static final String SETTLED = """
            with new as (
                select gen_random_uuid() as id, n from generate_series(%d, %d) n
            ), session as (
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, fee_amount, fee_currency,
                    verdict_code, created_at, updated_at)
                select id, 'history', n::text, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, 1, now(), 80,
                    'CNY', 200, now(), now() from new
            )
            insert into session_event (id, session_id, type, at, detail)
            select gen_random_uuid(), id, type, now(), detail::jsonb
            from new, (values ('OPENING', '{}'), ('OPENED', '{"charge": "PRE_DEDUCTED"}'), ('CHECKED', '{}'),
                              ('SETTLED', '{"status": "PASSED", "charge": "CHARGED"}')) move (type, detail)
            """;
    private static final String ENTRIES = """
            insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at)
            select id, '%1$s', 'RULE', 80, 'CNY', now() - interval '1 hour' from liveness_session s
            where caller = 'history' and not exists (select from ledger_entry where session_id = s.id and kind = '%1$s')
            """;

    @Test
    void a_pass_reads_as_much_in_a_long_history_as_in_a_short_one() throws SQLException {
        TestDatabase database = TestDatabase.create();
        database.flyway().load().migrate();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String setting : PlannerSettings.OFF) {
                statement.execute("set " + setting + " = off");
            }
            // The plan made for empty tables stays until these are analysed.
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("alter table session_event set (autovacuum_enabled = false)");
            statement.execute("alter table ledger_entry set (autovacuum_enabled = false)");
            statement.execute("alter table liveness_session set (autovacuum_enabled = false)");
            statement.execute("prepare pass as " + BooksSql.pass(Duration.ofDays(10)));
            pagesOfAPass(statement);

            lived(statement, 1, SHORT);
            long inShort = pagesOfAPass(statement);
            lived(statement, SHORT + 1, LONG);
            long neverAnalysed = pagesOfAPass(statement);
            statement.execute("analyze");
            long analysed = pagesOfAPass(statement);

            // An index of more rows is a level or two deeper, and each lookup reads as many pages more.
            assertThat(neverAnalysed).isLessThan(inShort * 3 / 2);
            assertThat(analysed).isLessThan(inShort * 3 / 2);
            try (ResultSet entries = statement.executeQuery(
                    "select entry_to - (select max(id) - 1000 from ledger_entry)" + " from books_comparison")) {
                entries.next();
                assertThat(entries.getLong(1)).as("entries read").isPositive();
            }
            try (ResultSet differences = statement.executeQuery("select count(*) from books_difference")) {
                differences.next();
                assertThat(differences.getLong(1))
                        .as("differences in a history without any")
                        .isZero();
            }
        }
    }

    /** Settled sessions of the past, complete in all books. */
    private static void lived(Statement statement, int from, int to) throws SQLException {
        statement.execute(SETTLED.formatted(from, to));
        statement.execute(ENTRIES.formatted("PRE_DEDUCT"));
        statement.execute(ENTRIES.formatted("CHARGE"));
    }

    /** Of a pass that has as much to do as it may: all walks at their beginning, and more new rows than it takes. */
    private static long pagesOfAPass(Statement statement) throws SQLException {
        statement.execute("""
                update books_comparison
                set next_pass_at = '-infinity', entry_walk = 0, session_walk = '00000000-0000-0000-0000-000000000000',
                    entry_from = coalesce((select max(id) from ledger_entry), 0) - 1000,
                    entry_to = coalesce((select max(id) from ledger_entry), 0) - 1000,
                    event_from = coalesce((select max(seq) from session_event), 0) - 2000
                """);
        try (ResultSet explained = statement.executeQuery("explain (analyze, buffers, format json) execute pass")) {
            explained.next();
            JsonObject plan =
                    new JsonArray(explained.getString(1)).getJsonObject(0).getJsonObject("Plan");
            assertThat(plan.getDouble("Total Cost")).isLessThan(COMPILED_ABOVE);
            return plan.getLong("Shared Hit Blocks") + plan.getLong("Shared Read Blocks");
        }
    }
}
