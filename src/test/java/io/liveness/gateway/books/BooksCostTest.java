package io.liveness.gateway.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** To compare a session some pages are read, and no table as a whole, however long the history is. */
class BooksCostTest {

    private static final int SHORT = 3_000;
    private static final int LONG = Integer.getInteger("books.history", 30_000);

    private static final int COMPARED = 100;

    private static final String EXPLAIN = "explain (analyze, buffers, format json) ";

    // Of indexes most: each is some levels deep.
    private static final long PAGES_OF_A_SESSION = 20;

    private static final String SETTLED = """
            with new as (
                select gen_random_uuid() as id, n from generate_series(%d, %d) n
            ), session as (
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, fee_amount, fee_currency,
                    verdict_code, created_at, updated_at)
                select id, 'history', n::text, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, 1, now(), 800000,
                    'CNY', 200, now(), now() from new
            ), ended as (
                insert into session_end (caller, status, session_id) select 'history', 'PASSED', id from new
            )
            insert into session_event (id, session_id, type, at, detail)
            select gen_random_uuid(), id, type, now(), detail::jsonb
            from new, (values ('OPENING', '{}'), ('OPENED', '{"charge": "PRE_DEDUCTED"}'), ('CHECKED', '{}'),
                              ('SETTLED', '{"status": "PASSED", "charge": "CHARGED"}')) move (type, detail)
            """;
    private static final String ENTRIES = """
            insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, init_at)
            select id, '%1$s', 'RULE', 800000, 'CNY', now() - interval '1 hour', caller, init_at from liveness_session s
            where caller = 'history' and not exists (select from ledger_entry where session_id = s.id and kind = '%1$s')
            """;

    @Test
    void to_compare_a_session_some_pages_are_read_however_long_the_history_is() throws SQLException {
        TestDatabase database = TestDatabase.create();
        database.flyway().load().migrate();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table session_event set (autovacuum_enabled = false)");
            statement.execute("alter table ledger_entry set (autovacuum_enabled = false)");
            statement.execute("alter table liveness_session set (autovacuum_enabled = false)");

            lived(statement, 1, SHORT);
            statement.execute("analyze");
            lived(statement, SHORT + 1, LONG);
            long analysedBefore = pages(connection);
            statement.execute("analyze");
            long analysed = pages(connection);

            assertThat(analysedBefore).isLessThan(COMPARED * PAGES_OF_A_SESSION);
            assertThat(analysed).isLessThan(COMPARED * PAGES_OF_A_SESSION);
            assertThat(pagesOfWhatIsNew(connection)).isLessThan(COMPARED * PAGES_OF_A_SESSION);
            try (ResultSet differences = query(connection, CompareBooks.DIFFERENCES)) {
                assertThat(differences.next())
                        .as("a difference in a history without any")
                        .isFalse();
            }
        }
    }

    /** Settled sessions of the past, complete in all books. */
    private static void lived(Statement statement, int from, int to) throws SQLException {
        statement.execute(SETTLED.formatted(from, to));
        statement.execute(ENTRIES.formatted("PRE_DEDUCT"));
        statement.execute(ENTRIES.formatted("CHARGE"));
    }

    private static long pages(Connection connection) throws SQLException {
        return pages(query(connection, EXPLAIN + CompareBooks.DIFFERENCES));
    }

    /** To take the entries and moves of the last sessions. */
    private static long pagesOfWhatIsNew(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement next = connection.prepareStatement(EXPLAIN + CompareBooks.NEXT)) {
            statement.execute("update books_comparison set entry_from = (select max(id) from ledger_entry) - "
                    + COMPARED + ", event_from = (select max(seq) from session_event) - " + COMPARED);
            for (int limit = 1; limit <= 4; limit++) {
                next.setInt(limit, CompareBooks.NEW_ROWS);
            }
            return pages(next.executeQuery());
        }
    }

    private static long pages(ResultSet plan) throws SQLException {
        try (ResultSet explained = plan) {
            explained.next();
            JsonObject top =
                    new JsonArray(explained.getString(1)).getJsonObject(0).getJsonObject("Plan");
            return top.getLong("Shared Hit Blocks") + top.getLong("Shared Read Blocks");
        }
    }

    /** The differences of the first sessions. */
    private static ResultSet query(Connection connection, String sql) throws SQLException {
        PreparedStatement differences = connection.prepareStatement(sql);
        differences.setDouble(1, Duration.ofDays(10).toMillis());
        try (Statement first = connection.createStatement();
                ResultSet ids = first.executeQuery(
                        "select array(select id from liveness_session order by id limit " + COMPARED + ")")) {
            ids.next();
            differences.setArray(2, ids.getArray(1));
        }
        return differences.executeQuery();
    }
}
