package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.Orders;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The database's clock is half a minute off, then an hour: every session ends as its scenario says, also after a restart. */
@Tag("long")
class WrongDatabaseClockIT {

    private static final Duration TO_FINISH = Duration.ofMinutes(2);
    private static final List<Scenario> SCENARIOS =
            List.of(Scenario.PASS, Scenario.LATE, Scenario.ABANDON, Scenario.DROP_AFTER_FEE);

    private final Surroundings around = new Surroundings(SandboxSettings.defaults()
            .withTokenLifetime(Duration.ofSeconds(20))
            .withLateVerdictAfter(Duration.ofSeconds(8)));

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void two_replicas_go_on_and_one_that_restarts_takes_the_time_of_the_other() {
        GatewayEnvironment environment = around.environment()
                .with("jumdata.timeout", "4s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", "20s")
                .with("liveness.opening-timeout", "5s")
                .with("liveness.expiry-grace", "10s")
                .with("liveness.poll.timetable", "1s,2s,4s,8s,12s")
                .with("liveness.poll.final-polls", "6s,3s");
        GatewayProcess first = around.start(environment);
        GatewayProcess second = around.start(environment);
        reported(2);

        databaseIsAhead(31);
        open(first, "half-a-minute-1");
        open(second, "half-a-minute-2");
        databaseIsAhead(-3_600);
        open(first, "an-hour-1");
        finished();

        // Votes count once all have reported since the jump.
        Patience.await("reports since the jump", TO_FINISH)
                .until(() -> around.database().count("select count(*) from replica where abs(ahead_seconds - 3600) < 5")
                        == 2);
        second.askToStop();
        second.awaitExit();
        GatewayProcess restarted = around.start(environment);
        open(restarted, "restarted");
        open(first, "beside-it");
        finished();

        assertThat(around.database()
                        .count("select count(*) from liveness_session where init_at < now() - interval '10 minutes'"
                                + " or init_at > now()"))
                .as("opened at a wrong time")
                .isZero();
        List<StoredSession> sessions = StoredSession.all(around.database());
        BothBooks.assertAgree(sessions, around.books().rows());
        for (Scenario scenario : SCENARIOS) {
            assertThat(sessions)
                    .filteredOn(session -> session.key().endsWith(scenario.wireName()))
                    .hasSize(5)
                    .allSatisfy(session -> assertThat(session.end()).isEqualTo(Orders.end(scenario)));
        }
    }

    private void open(GatewayProcess gateway, String name) {
        for (Scenario scenario : SCENARIOS) {
            around.callers().open(gateway.url(), name + "-" + scenario.wireName(), scenario.wireName());
        }
    }

    private void reported(int replicas) {
        Patience.await("replicas that have reported", TO_FINISH)
                .until(() -> around.database().count("select count(*) from replica") == replicas);
    }

    private void finished() {
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);
    }

    private void databaseIsAhead(int seconds) {
        around.database()
                .execute(
                        "create or replace function liveness_now() returns timestamptz language sql stable parallel safe"
                                + " return now() + interval '" + seconds + " seconds'");
    }
}
