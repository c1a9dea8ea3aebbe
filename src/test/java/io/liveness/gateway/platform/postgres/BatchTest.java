package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.liveness.gateway.platform.problem.ProblemException;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BatchTest {

    private static final int CONNECTIONS = 12;

    @Inject
    Batch batch;

    @Test
    void work_that_fails_leaves_nothing() {
        assertThatThrownBy(() -> batch.transact(connection -> {
                    execute(connection, "create table left_by_batch ()");
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        assertThat(batch.<String>read(connection -> one(connection, "select to_regclass('left_by_batch')::text")))
                .isNull();
    }

    @Test
    void reads_change_nothing_and_see_one_moment() {
        assertThat(batch.<String>read(connection -> one(connection, "show transaction_isolation")))
                .isEqualTo("repeatable read");
        assertThatThrownBy(() -> batch.read(connection -> {
                    execute(connection, "create table written_by_a_read ()");
                    return null;
                }))
                .isInstanceOf(DatabaseUnavailable.class);
    }

    @Test
    void the_end_of_a_connection_is_a_want_of_a_database_however_the_work_wraps_it() {
        assertThatThrownBy(() -> batch.read(connection -> {
                    try {
                        return one(connection, "select pg_terminate_backend(pg_backend_pid())");
                    } catch (SQLException ended) {
                        throw new IllegalStateException(ended);
                    }
                }))
                .isInstanceOf(DatabaseUnavailable.class);
    }

    @Test
    void a_file_that_cannot_be_read_is_no_want_of_a_database() {
        Throwable failure = catchThrowable(() -> batch.read(connection -> {
            throw new UncheckedIOException(new IOException("Stream closed"));
        }));

        assertThat(DatabaseUnavailable.behind(failure)).isEmpty();
    }

    @Test
    void the_planner_is_postgresqls_own_and_statements_have_a_limit() {
        assertThat(batch.<String>read(connection -> one(connection, "show enable_hashjoin")))
                .isEqualTo("on");
        assertThat(batch.<String>transact(connection -> one(connection, "show statement_timeout")))
                .isEqualTo("10min");
    }

    @Test
    void more_than_the_lane_holds_is_refused_and_told_when_to_come_again() throws Exception {
        CountDownLatch all = new CountDownLatch(CONNECTIONS);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        List<Future<?>> held = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(threads.submit(() -> batch.read(connection -> {
                    all.countDown();
                    await(release);
                    return null;
                })));
            }
            await(all);

            assertThatThrownBy(() -> batch.read(connection -> null))
                    .isInstanceOf(ProblemException.class)
                    .hasMessage("All connections for finance and jobs are in use. Try again.");
        } finally {
            release.countDown();
            for (Future<?> one : held) {
                one.get();
            }
            threads.shutdown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
