package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.LivenessGateway.CursorStore;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionStatus;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.Balancer;
import io.liveness.gateway.testsupport.http.Balancer.Target;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Java client before two gateways of which one or the other is killed: it misses no verdict and no event, and pays no fee twice. */
@Tag("long")
class ClientsOfKilledGatewaysIT {

    private static final int KILLED = 6;
    private static final int PERSONS = 8;
    private static final int CHECKS_BETWEEN = 20;
    // Longer than the lease of a killed gateway.
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final Duration WITHIN = Duration.ofMinutes(3);

    private final List<Target> targets = Stream.generate(() -> new Target(FreePort.find(), FreePort.find()))
            .limit(2)
            .toList();
    private final Surroundings around =
            new Surroundings(SandboxSettings.defaults().withTokenLifetime(LIFE));
    private final ExecutorService persons = Executors.newFixedThreadPool(PERSONS);
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @AfterEach
    void end() {
        persons.shutdownNow();
        around.close();
    }

    @Test
    void no_verdict_and_no_event_is_missed_and_no_fee_is_taken_twice() throws Exception {
        long seed = System.nanoTime();
        Random chance = new Random(seed);
        List<GatewayProcess> gateways = new ArrayList<>(targets.stream()
                .map(target -> around.launch(environment(target)))
                .toList());
        gateways.forEach(GatewayProcess::awaitReady);
        try (Balancer balancer = Balancer.before(targets)) {
            LivenessGateway client = new LivenessGateway(balancer.url(), around.callers()::accessToken);
            List<Future<List<Session>>> visits = Stream.generate(() -> persons.submit(() -> visit(client)))
                    .limit(PERSONS)
                    .toList();
            for (int turn = 0; turn < KILLED; turn++) {
                int which = chance.nextInt(targets.size());
                awaitMoreChecks();
                gateways.get(which).kill();
                awaitMoreChecks();
                gateways.set(which, around.start(environment(targets.get(which))));
                balancer.awaitInUse(targets.get(which));
            }
            enough.set(true);

            List<Session> seen = new ArrayList<>();
            for (Future<List<Session>> visit : visits) {
                seen.addAll(visit.get());
            }
            Patience.await("every session to be over", WITHIN)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);
            System.out.printf("%d checks, gateways killed %d times, seed %d%n", seen.size(), KILLED, seed);
            // What was being opened at a kill has no verdict.
            assertThat(seen).extracting(Session::getStatus).containsOnly(SessionStatus.PASSED, SessionStatus.UNKNOWN);
            BothBooks.assertAgree(
                    StoredSession.all(around.database()), around.books().rows());
            assertThat(told(client))
                    .containsAll(seen.stream().map(Session::getId).toList());
        }
    }

    private void awaitMoreChecks() {
        int before = checks.get();
        Patience.await("more checks", WITHIN).until(() -> checks.get() >= before + CHECKS_BETWEEN);
    }

    private List<Session> visit(LivenessGateway client) throws ApiException {
        List<Session> seen = new ArrayList<>();
        while (!enough.get()) {
            String key = UUID.randomUUID().toString();
            OpenSessionRequest order =
                    new OpenSessionRequest().returnUrl(Callers.returnUrl(key)).title("sandbox:pass");
            Session opened = client.openSession(key, order, WITHIN);
            seen.add(client.waitForVerdict(opened.getId(), WITHIN));
            checks.incrementAndGet();
        }
        return seen;
    }

    private static Set<UUID> told(LivenessGateway client) throws ApiException {
        Set<UUID> sessions = new HashSet<>();
        client.readEvents(
                new Beginning(),
                (CallerEvent event) -> sessions.add(event.getData().getSessionId()));
        return sessions;
    }

    private GatewayEnvironment environment(Target target) {
        return around.environment()
                .with("quarkus.http.port", Integer.toString(target.port()))
                .with("quarkus.management.port", Integer.toString(target.managementPort()))
                .with("jumdata.calls-per-second", "1000")
                .with("jumdata.timeout", "2s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", LIFE.toString())
                .with("liveness.opening-timeout", "3s")
                .with("liveness.expiry-grace", "5s")
                .with("liveness.poll.timetable", "1s,3s,6s,12s,20s,30s")
                .with("liveness.poll.final-polls", "8s,4s");
    }

    private static final class Beginning implements CursorStore {

        @Override
        public String load() {
            return null;
        }

        @Override
        public void save(String cursor) {}
    }
}
