package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.Explained;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The cost of reconciling depends on the unsettled sessions: its statements read partial indexes, not the history. */
@QuarkusTest
class PollingCostTest {

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

    /** A dump holds a snapshot, and as long the versions that polls leave behind stay in the indexes. */
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
        return Explained.run(database, LeaseSessions.POLLS, given(finalPollsFrom, othersFrom, 100))
                .buffers();
    }

    private static String given(String finalPollsBegin, String othersBegin, int atMost) {
        return """
                jsonb_build_object('now', liveness_now(), 'lease_ends', liveness_now() + interval '20 seconds',
                    'ended_after', liveness_now() - interval '1 hour', 'final_polls_begin', %s, 'others_begin', %s,
                    'count_to', 500, 'final_polls', %d, 'others', %d)
                """.formatted(finalPollsBegin, othersBegin, atMost, atMost);
    }

    /** The times at which the next statement begins with final polls and with others. */
    private String[] froms() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("prepare due as " + LeaseSessions.POLLS);
            try (ResultSet due = statement.executeQuery("execute due (" + given(EPOCH, EPOCH, 0) + ")")) {
                due.next();
                return new String[] {
                    "'" + due.getString("next_final_polls_begin") + "'", "'" + due.getString("next_others_begin") + "'"
                };
            } finally {
                statement.execute("deallocate due");
            }
        }
    }
}
