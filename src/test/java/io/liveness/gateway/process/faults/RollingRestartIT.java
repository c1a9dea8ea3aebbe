package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.Balancer;
import io.liveness.gateway.testsupport.http.Balancer.Target;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.Visits;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gateways behind a balancer, which connects anew for each request, are stopped and started one after the other, as in an upgrade. */
@Tag("long")
class RollingRestartIT {

    /** How many visits there are at least while a gateway is replaced. */
    private static final int VISITS = 20;

    private static final int REPLACED = 4;
    private static final int PERSONS = 8;
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final Duration TO_FINISH = Duration.ofMinutes(2);

    private final List<Target> targets = Stream.generate(() -> new Target(FreePort.find(), FreePort.find()))
            .limit(2)
            .toList();
    private final Surroundings around =
            new Surroundings(SandboxSettings.defaults().withTokenLifetime(LIFE));

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void every_request_is_answered_while_each_gateway_is_replaced_twice() throws InterruptedException {
        List<GatewayProcess> gateways = new ArrayList<>(targets.stream()
                .map(target -> around.launch(environment(target)))
                .toList());
        gateways.forEach(GatewayProcess::awaitReady);
        try (Balancer balancer = Balancer.before(targets);
                Visits visits = Visits.start(balancer.url(), around.callers().accessToken(), PERSONS)) {
            for (int turn = 0; turn < REPLACED; turn++) {
                int which = turn % targets.size();
                gateways.get(which).askToStop();
                gateways.get(which).awaitExit();
                gateways.set(which, around.start(environment(targets.get(which))));
                balancer.awaitInUse(targets.get(which));
            }
            visits.stop();
            Patience.await("every session to be over", TO_FINISH)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);

            System.out.printf("%d gateways replaced under load: %s%n", REPLACED, visits.answered());
            assertThat(visits.unexpected()).isEmpty();
            assertThat(visits.withoutGateway()).isZero();
            assertThat(visits.answered().keySet())
                    .containsExactly("check", "face", "lookup", "open", "read", "replay", "return", "wait");
            List<StoredSession> sessions = StoredSession.all(around.database());
            assertThat(sessions).hasSize(visits.sessions()).hasSizeGreaterThan(REPLACED * VISITS);
            assertThat(sessions.stream().map(StoredSession::status)).containsOnly("PASSED");
            BothBooks.assertAgree(sessions, around.books().rows());
        }
    }

    private GatewayEnvironment environment(Target target) {
        return around.environment()
                .with("quarkus.http.port", Integer.toString(target.port()))
                .with("quarkus.management.port", Integer.toString(target.managementPort()))
                .with("jumdata.calls-per-second", "1000")
                .with("jumdata.token-lifetime", LIFE.toString())
                .with("liveness.expiry-grace", "5s")
                .with("liveness.poll.timetable", "3s,6s,12s")
                .with("liveness.poll.final-polls", "8s,4s")
                .with("quarkus.shutdown.delay", "2s");
    }
}
