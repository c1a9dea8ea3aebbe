package io.liveness.gateway.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.schedule.PollBacklog;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The replica's own clock and the database's differ: the database's decides, and the replica leaves reconciling to others. */
@QuarkusTest
class WrongClockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Api api = Api.asNewCaller();

    @Inject
    PollSessions polls;

    @Inject
    WriteOffSessions writeOff;

    @Inject
    DatabaseWatch watch;

    @Inject
    MeterRegistry registry;

    @Inject
    SettableClock clock;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Inject
    PollBacklog backlog;

    @AfterEach
    void as_the_replica() throws SQLException {
        databaseIsBehind("0 hours");
        run();
        clock.advance(Duration.ZERO);
    }

    /** Until the clock is read again, the replica does not know of the jump. What it leased by that clock would outlast the tokens. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, -1})
    void a_jump_of_the_databases_clock_leases_and_writes_off_nothing(int hours) throws SQLException {
        String id = api.opened("pass");
        clock.advance(Duration.ofSeconds(20));
        List<String> before = schedule(id);
        databaseJumps(Duration.ofHours(hours));

        writeOff.writeOff().await().atMost(PATIENCE);
        polls.tick().await().atMost(PATIENCE);
        api.check(id).then().statusCode(200);

        assertThat(schedule(id)).isEqualTo(before);
        clock.advance(Duration.ZERO);
        polls.tick().await().atMost(PATIENCE);
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
    }

    private List<String> schedule(String id) {
        return stored.strings(
                "select row(lease, leased_until, next_poll_at)::text from session_schedule where session_id = ?",
                UUID.fromString(id));
    }

    private void databaseJumps(Duration ahead) throws SQLException {
        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable return "
                + "now() + interval '%d milliseconds'"
                        .formatted(Duration.between(Instant.now(), clock.instant())
                                .plus(ahead)
                                .toMillis()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3 hours", "-3 hours", "31 seconds"})
    void a_replica_whose_clock_is_wrong_asks_about_nothing_and_writes_nothing_off(String ahead) throws SQLException {
        String id = api.opened("pass");
        clock.advance(Duration.ofSeconds(20));
        databaseIsBehind(ahead);
        long calls = sandbox.books().resultCalls();

        run();

        assertThat(watch.isWrong()).isTrue();
        assertThat(Math.abs(registry.get("liveness.clock.skew").gauge().value()))
                .isGreaterThan(30);
        assertThat(sandbox.books().resultCalls()).isEqualTo(calls);
        assertThat(api.get(id).<String>path("status")).isEqualTo("PENDING");
    }

    @Test
    void while_no_replica_asks_no_session_is_opened() throws SQLException {
        api.opened("abandon");
        // Its last looks are due, however far earlier tests have moved its time on.
        Duration ahead = Duration.between(Instant.now(), clock.instant()).plusMinutes(118);
        databaseIsBehind("-" + ahead.toSeconds() + " seconds");

        run();

        assertThat(watch.isWrong()).isTrue();
        assertThat(backlog.pollsKeepUp())
                .as("polls are due and no replica makes them")
                .isFalse();
    }

    @Test
    void a_clock_that_is_a_little_off_is_no_reason_to_stop() throws SQLException {
        databaseIsBehind("5 seconds");
        run();
        assertThat(watch.isWrong()).isFalse();
    }

    private void run() {
        watch.watch().await().atMost(PATIENCE);
        writeOff.writeOff().await().atMost(PATIENCE);
        polls.tick().await().atMost(PATIENCE);
    }

    /** The database's own time; the replica's is the system's, which cannot be set. */
    private void databaseIsBehind(String interval) throws SQLException {
        stored.execute(
                "create or replace function liveness_now() returns timestamptz language sql stable return now() - interval '%s'"
                        .formatted(interval));
        watch.watch().await().atMost(PATIENCE);
    }
}
