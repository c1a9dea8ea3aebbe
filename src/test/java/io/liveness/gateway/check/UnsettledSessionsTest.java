package io.liveness.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The metrics of unsettled sessions equal the schedule. */
@QuarkusTest
class UnsettledSessionsTest {

    private static final String OTHERS = "session_schedule_of_other_tests";
    private static final String SCHEDULED =
            "insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at,"
                    + " token_sealed, token_expires_at, leased_until) select 'counted', gen_random_uuid(), ?, 1, liveness_now() - ?::interval,"
                    + " liveness_now(), %s, liveness_now() + ?::interval, liveness_now() + ?::interval";

    @Inject
    DatabaseFigures figures;

    @Inject
    MeterRegistry registry;

    @Inject
    Stored stored;

    @BeforeEach
    void nothing_is_scheduled() throws SQLException {
        stored.execute("create table " + OTHERS + " as select * from session_schedule");
        stored.execute("delete from session_schedule");
    }

    @AfterEach
    void restore_the_schedule() throws SQLException {
        stored.execute("delete from session_schedule");
        stored.execute("insert into session_schedule select * from " + OTHERS);
        stored.execute("drop table " + OTHERS);
        count();
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, 0 seconds, 0-1m",
        "PENDING, 59 seconds, 0-1m",
        "PENDING, 61 seconds, 1-10m",
        "PENDING, 11 minutes, 10-60m",
        "PENDING, 61 minutes, 1-2h",
        "PENDING, 121 minutes, 2h-",
        "OPENING, 1 seconds, 0-1m",
        "UNKNOWN, 150 minutes, 2h-"
    })
    void a_session_without_an_end_is_counted_by_its_status_and_age(String status, String ago, String age)
            throws SQLException {
        scheduled(status, ago, "1 hour", null);

        count();

        assertThat(sessions(status, age)).isEqualTo(1);
        assertThat(all()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"4 minutes 59 seconds, 1", "5 minutes 10 seconds, 0", "-1 seconds, 0"})
    void a_session_ends_soon_in_the_last_five_minutes_of_its_token(String tokensEnd, int soon) throws SQLException {
        scheduled("PENDING", "1 hour", tokensEnd, null);

        count();

        assertThat(gauge("liveness.sessions.ending.soon")).isEqualTo(soon);
    }

    @Test
    void the_lease_that_ran_out_first_tells_for_how_long() throws SQLException {
        scheduled("PENDING", "1 hour", "1 hour", "20 seconds");
        count();
        assertThat(gauge("liveness.lease.overdue")).as("a lease that is held").isZero();
        scheduled("PENDING", "1 hour", "1 hour", "-10 minutes");
        scheduled("PENDING", "1 hour", "1 hour", "-1 minutes");

        count();

        assertThat(gauge("liveness.lease.overdue")).isBetween(600.0, 700.0);
    }

    @Test
    void without_a_database_nothing_is_known() throws Exception {
        String database = stored.strings("select current_database()").get(0);
        count();
        assertThat(all()).isNotNaN();

        try (AutoCloseable away = TestDatabase.away(database)) {
            count();
            assertThat(all()).isNaN();
            assertThat(gauge("liveness.sessions.ending.soon")).isNaN();
            assertThat(gauge("liveness.lease.overdue")).isNaN();
        }
    }

    private void scheduled(String status, String ago, String tokensEnd, String leasedFor) throws SQLException {
        boolean pending = status.equals("PENDING");
        stored.execute(
                SCHEDULED.formatted(pending ? "'\\x00'::bytea" : "null"),
                status,
                ago,
                pending ? tokensEnd : null,
                leasedFor);
    }

    private void count() {
        figures.read().await().indefinitely();
    }

    private double sessions(String status, String age) {
        return registry.get("liveness.sessions.unsettled")
                .tags("status", status, "age", age)
                .gauge()
                .value();
    }

    private double all() {
        return registry.get("liveness.sessions.unsettled").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }
}
