package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database's clock is wrong: sessions are polled and written off by the time on which the replicas agree. */
@QuarkusTest
class WrongClockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();

    @Inject
    PollSessions polls;

    @Inject
    WriteOffSessions writeOff;

    @Inject
    LeaseSessions leases;

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

    @AfterEach
    void clocks_agree() throws SQLException {
        databaseIsAhead(0);
        clock.advance(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {31, -31, 3_600, -3_600, 18_000})
    void sessions_are_polled_in_time(int seconds) throws SQLException {
        String due = api.opened("pass");
        String asked = api.opened("pass");
        clock.advance(MOMENT);
        String later = api.opened("pass");
        databaseIsAhead(seconds);

        api.check(asked).then().statusCode(200);
        run();

        assertThat(status(asked)).isEqualTo("PASSED");
        assertThat(status(due)).isEqualTo("PASSED");
        assertThat(status(later)).as("not due yet").isEqualTo("PENDING");
        clock.advance(MOMENT);
        databaseIsAhead(seconds);
        run();
        assertThat(status(later)).isEqualTo("PASSED");
    }

    @ParameterizedTest
    @ValueSource(ints = {31, -31, 3_600, -3_600})
    void a_lease_holds_as_long_as_it_should(int seconds) throws SQLException {
        String id = api.opened("pass");
        clock.advance(MOMENT);
        databaseIsAhead(seconds);
        assertThat(lease(id)).isTrue();

        run();
        api.check(id).then().statusCode(200);

        assertThat(lease(id)).isFalse();
        assertThat(status(id)).as("another replica polls it").isEqualTo("PENDING");
        clock.advance(Duration.ofMinutes(1));
        databaseIsAhead(seconds);
        run();
        assertThat(status(id)).isEqualTo("PASSED");
    }

    private boolean lease(String id) {
        return leases.one(UUID.fromString(id), OptionalInt.empty())
                .await()
                .atMost(PATIENCE)
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {14_400, -14_400})
    void a_fee_is_written_off_when_its_grace_has_ended(int seconds) throws SQLException {
        String id = api.open("drop-after-fee").path("sessionId");
        databaseIsAhead(seconds);

        run();

        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED");
        clock.advance(Duration.ofHours(4));
        databaseIsAhead(seconds);
        run();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
    }

    @ParameterizedTest
    @ValueSource(ints = {10_800, -10_800, 31})
    void a_difference_of_clocks_is_told(int seconds) throws SQLException {
        // A difference is one to the system's clock, which cannot be set, however far earlier tests have moved the time
        // on.
        stored.execute(
                "create or replace function liveness_now() returns timestamptz language sql stable return now()");
        watch.watch().await().atMost(PATIENCE);
        assertThat(watch.isWrong()).isFalse();

        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable return now()"
                + " + interval '%d seconds'".formatted(seconds));
        watch.watch().await().atMost(PATIENCE);

        assertThat(watch.isWrong()).isTrue();
        assertThat(registry.get("liveness.clock.skew").gauge().value()).isBetween(-seconds - 0.9, -seconds + 0.9);
        assertThat(registry.get("liveness.clock.ahead").gauge().value()).isBetween(-seconds - 0.9, -seconds + 0.9);
    }

    @Test
    void a_clock_that_is_a_little_off_is_followed() throws SQLException {
        databaseIsAhead(0);
        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable return now()"
                + " - interval '5 seconds'");
        watch.watch().await().atMost(PATIENCE);

        assertThat(watch.isWrong()).isFalse();
        assertThat(registry.get("liveness.clock.ahead").gauge().value()).isZero();
    }

    private String status(String id) {
        return api.get(id).path("status");
    }

    private void run() {
        writeOff.writeOff().await().atMost(PATIENCE);
        polls.poll().chain(polls::idle).await().atMost(PATIENCE);
    }

    /** Sets the database's clock ahead of the time on which the replicas agree. */
    private void databaseIsAhead(int seconds) throws SQLException {
        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable return "
                + "now() + interval '%d milliseconds'"
                        .formatted(Duration.between(Instant.now(), clock.instant())
                                .plusSeconds(seconds)
                                .toMillis()));
        watch.watch().await().atMost(PATIENCE);
    }
}
