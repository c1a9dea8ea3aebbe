package io.liveness.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Tokens of sessions that ended before they were erased at their end. */
class EraseTokensMigrationTest {

    /** More than two batches. */
    private static final String HISTORY = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, created_at, updated_at,
                token_sealed, token_hash, check_url_sealed)
            select gen_random_uuid(), 'history', n::text, '',
                (array['PASSED', 'NOT_PASSED', 'FAILED', 'EXPIRED', 'PENDING'])[n % 5 + 1], 'NONE', 'wx.history', 'SILENT', '',
                true, true, 1, now(), now(), now(), 'sealed', 'hash', 'sealed'
            from generate_series(1, 25000) n
            """;

    private final TestDatabase database = TestDatabase.create();

    @Test
    void the_tokens_of_all_sessions_that_ended_are_erased_in_batches_and_no_others() throws SQLException {
        database.flyway().target("8?").load().migrate();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(HISTORY);

            database.flyway().load().migrate();

            assertThat(asked(
                            statement,
                            "status = 'PENDING' and token_sealed = 'sealed' and check_url_sealed = 'sealed'"))
                    .isEqualTo(5_000);
            assertThat(asked(statement, "status <> 'PENDING' and token_sealed is null and check_url_sealed is null"))
                    .isEqualTo(20_000);
            assertThat(asked(statement, "token_hash = 'hash'")).isEqualTo(25_000);
            assertThat(transactions(statement)).isGreaterThanOrEqualTo(3);
        }
    }

    private static long asked(Statement statement, String condition) throws SQLException {
        return number(statement, "select count(*) from liveness_session where " + condition);
    }

    /** That have written what is there now of the erased rows. */
    private static long transactions(Statement statement) throws SQLException {
        return number(statement, "select count(distinct xmin::text) from liveness_session where status <> 'PENDING'");
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
