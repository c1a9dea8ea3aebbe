package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.LivenessGateway.CursorStore;
import io.liveness.gateway.client.LivenessGateway.EventHandler;
import io.liveness.gateway.client.ProblemException;
import io.liveness.gateway.client.api.WebhooksApi.APIListEventsRequest;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.contract.Node;
import io.liveness.gateway.contract.Python;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.KeptCursor;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.Balancer;
import io.liveness.gateway.testsupport.http.Balancer.Target;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The clients before two gateways of which one or the other is killed, and whose database is restored: none misses a verdict or an event,
 * or pays a fee twice.
 */
@Tag("long")
class ClientsOfKilledGatewaysIT {

    private static final Logger LOG = Logger.getLogger(ClientsOfKilledGatewaysIT.class.getName());

    private static final int KILLED = 6;
    /** docs/operations.md says how to end a restore. Nothing is lost: this is all that readers see of it. */
    private static final String RESTORED = "select restored(), resume_write_offs()";
    // The Java client has four persons, each other client two.
    private static final int PERSONS = 4;
    private static final int CHECKS_BETWEEN = 20;
    // Longer than the lease of a killed gateway.
    private static final Duration LIFE = Duration.ofSeconds(40);
    private static final Duration WITHIN = Duration.ofMinutes(3);

    private final List<Target> targets = Stream.generate(() -> new Target(FreePort.find(), FreePort.find()))
            .limit(2)
            .toList();
    private final Surroundings around =
            new Surroundings(SandboxSettings.defaults().withTokenLifetime(LIFE));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Process> programs = new ArrayList<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @AfterEach
    void end() {
        threads.shutdownNow();
        programs.forEach(Process::destroyForcibly);
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
            String token = around.callers().accessToken();
            List<Client> clients = List.of(
                    inJava(new LivenessGateway(balancer.url(), () -> token)),
                    inProcess(Node.compiled("typescript").start("out/visit.js", balancer.url(), token)),
                    inProcess(Python.start("visit.py", balancer.url(), token)));
            awaitMoreChecks();
            around.database().execute(RESTORED);
            for (int turn = 0; turn < KILLED; turn++) {
                int which = chance.nextInt(targets.size());
                awaitMoreChecks();
                gateways.get(which).kill();
                awaitMoreChecks();
                gateways.set(which, around.start(environment(targets.get(which))));
                balancer.awaitInUse(targets.get(which));
            }
            enough.set(true);

            for (Process program : programs) {
                program.getOutputStream().close();
            }
            for (Client client : clients) {
                for (Future<Void> visit : client.visits) {
                    visit.get(WITHIN.toSeconds(), TimeUnit.SECONDS);
                }
            }
            Patience.await("every session to be over", WITHIN)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);
            System.out.printf("%d checks, gateways killed %d times, seed %d%n", checks.get(), KILLED, seed);
            for (Client client : clients) {
                // What was being opened at a kill, or when the vendor was late, has no verdict.
                assertThat(client.verdicts.values()).isNotEmpty().isSubsetOf("PASSED", "UNKNOWN");
                Patience.await("the feed to tell all", WITHIN)
                        .until(() -> client.told.containsAll(client.verdicts.keySet()));
            }
            BothBooks.assertAgree(
                    StoredSession.all(around.database()), around.books().rows());
        }
    }

    private void awaitMoreChecks() {
        int before = checks.get();
        Patience.await("more checks", WITHIN).until(() -> checks.get() >= before + CHECKS_BETWEEN);
    }

    private Client inJava(LivenessGateway gateway) {
        Client client = new Client();
        threads.submit(() -> read(gateway, client));
        List<Future<Void>> visits = Stream.generate(() -> threads.submit(() -> visit(gateway, client)))
                .limit(PERSONS)
                .toList();
        client.visits.addAll(visits);
        return client;
    }

    private Void visit(LivenessGateway gateway, Client client) throws ApiException {
        while (!enough.get()) {
            String key = UUID.randomUUID().toString();
            OpenSessionRequest order =
                    new OpenSessionRequest().returnUrl(Callers.returnUrl(key)).title("sandbox:pass");
            try {
                Session opened = gateway.openSession(key, order, WITHIN);
                Session checked = gateway.waitForVerdict(opened.getId(), WITHIN);
                client.verdicts.put(
                        checked.getId().toString(), checked.getStatus().getValue());
            } catch (ProblemException e) {
                Problem problem = e.getProblem();
                assertThat(problem.getCode()).isEqualTo("vendor-outcome-unknown");
                client.verdicts.put(problem.getSessionId().toString(), "UNKNOWN");
            }
            checks.incrementAndGet();
        }
        return null;
    }

    /** The reader goes on to the end of the test: it waits for what comes next. */
    private Void read(LivenessGateway gateway, Client client) throws InterruptedException {
        CursorStore cursors = new KeptCursor();
        EventHandler handler =
                event -> client.told.add(event.getData().getSessionId().toString());
        boolean running = true;
        APIListEventsRequest fromNow =
                APIListEventsRequest.newBuilder().from("latest").build();
        while (running) {
            try {
                gateway.readEvents(cursors, handler, fromNow);
            } catch (ApiException | RuntimeException e) {
                LOG.log(Level.WARNING, "The feed is read again in 5 s", e);
                TimeUnit.SECONDS.sleep(5);
            }
        }
        return null;
    }

    private Client inProcess(Process program) {
        programs.add(program);
        Client client = new Client();
        client.visits.add(threads.submit(() -> listen(program.inputReader(), client)));
        return client;
    }

    private Void listen(BufferedReader lines, Client client) throws IOException {
        String line = lines.readLine();
        while (!"done".equals(line)) {
            assertThat(line)
                    .as(() -> lines.lines().limit(20).toList().toString())
                    .matches("(told )?[0-9a-f-]{36}( [A-Z_]+)?");
            hear(line.split(" "), client);
            line = lines.readLine();
        }
        threads.submit(() -> lines.lines().forEach(told -> hear(told.split(" "), client)));
        return null;
    }

    private void hear(String[] words, Client client) {
        if (words[0].equals("told")) {
            client.told.add(words[1]);
        } else {
            client.verdicts.put(words[0], words[1]);
            checks.incrementAndGet();
        }
    }

    /** What the checks of one client came to, and what the feed has told it. */
    private record Client(List<Future<Void>> visits, Map<String, String> verdicts, Set<String> told) {

        private Client() {
            this(new ArrayList<>(), new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
        }
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
                .with("liveness.heartbeat", "1s")
                .with("liveness.expiry-grace", "5s")
                .with("liveness.poll.timetable", "1s,3s,6s,12s,20s,30s")
                .with("liveness.poll.final-polls", "8s,4s");
    }
}
