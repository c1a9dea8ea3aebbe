package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.Balancer;
import io.liveness.gateway.testsupport.http.Balancer.Target;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.MixedLoad;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gateways behind a balancer, which connects anew for each request, are stopped and started one after the other, as in an upgrade. */
class RollingRestartIT {

    /** Of a JVM less: one that starts, another one and the load share two cores. */
    private static final int PER_SECOND =
            System.getProperty("gateway.command", "").contains("-runner") ? 200 : 40;

    private static final Set<String> GOOD = Set.of("200", "201");
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
        replace(4);
    }

    @Tag("proof")
    @Test
    void every_request_is_answered_while_gateways_are_replaced_twenty_times() throws InterruptedException {
        replace(20);
    }

    private void replace(int times) throws InterruptedException {
        List<GatewayProcess> gateways = new ArrayList<>(targets.stream()
                .map(target -> around.launch(environment(target)))
                .toList());
        gateways.forEach(GatewayProcess::awaitReady);
        try (Balancer balancer = Balancer.before(targets);
                MixedLoad load =
                        MixedLoad.start(balancer.url(), around.callers().accessToken(), PER_SECOND)) {
            for (int turn = 0; turn < times; turn++) {
                int which = turn % targets.size();
                gateways.get(which).askToStop();
                gateways.get(which).awaitExit();
                gateways.set(which, around.start(environment(targets.get(which))));
                balancer.awaitInUse(targets.get(which));
            }
            long due = load.due();
            load.stop();
            Patience.await("every session to be over", TO_FINISH)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);

            System.out.printf("%d gateways replaced at %d requests a second: %s%n", times, PER_SECOND, load.answers());
            assertThat(load.answers().keySet())
                    .allMatch(answer -> GOOD.contains(answer.substring(answer.indexOf(' ') + 1)), "answered well");
            assertThat(load.answers().keySet().stream().map(answer -> answer.split(" ")[0]))
                    .contains("open", "wait", "check", "read");
            assertThat(load.answered()).isGreaterThan(due * 9 / 10);
            List<StoredSession> sessions = StoredSession.all(around.database());
            assertThat(sessions).hasSameSizeAs(load.sessions());
            assertThat(sessions.stream().map(StoredSession::status).distinct())
                    .isSubsetOf("PASSED", "NOT_PASSED", "FAILED", "EXPIRED");
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
