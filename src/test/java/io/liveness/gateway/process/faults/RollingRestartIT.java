package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
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
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gateways behind a balancer, which connects anew for each request, are stopped and started one after the other, as in an upgrade. */
@Tag("long")
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

    /**
     * Requests at a steady rate to one address: of twenty, four open a session, two wait for a verdict, two ask for a check and twelve read.
     * None is repeated, whatever it is answered.
     */
    private static final class MixedLoad implements AutoCloseable {

        private static final Duration PATIENCE = Duration.ofSeconds(40);
        private static final List<Scenario> SCENARIOS =
                List.of(Scenario.PASS, Scenario.NOT_PASS, Scenario.FAIL, Scenario.PASS, Scenario.ABANDON);

        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final Phaser underWay = new Phaser(1);
        private final List<String> sessions = new CopyOnWriteArrayList<>();
        private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
        private final AtomicInteger turns = new AtomicInteger();
        private final String address;
        private final String accessToken;
        private final int perSecond;
        private final Instant begun = Instant.now();

        private MixedLoad(String address, String accessToken, int perSecond) {
            this.address = address + "/v1/liveness-sessions";
            this.accessToken = accessToken;
            this.perSecond = perSecond;
        }

        static MixedLoad start(String address, String accessToken, int perSecond) {
            MixedLoad load = new MixedLoad(address, accessToken, perSecond);
            load.clock.scheduleAtFixedRate(
                    load::tryNext, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
            return load;
        }

        /** Begins nothing more, and returns when everything is answered. */
        void stop() throws InterruptedException {
            clock.shutdown();
            clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            underWay.arriveAndAwaitAdvance();
        }

        /** How many requests of each kind were answered how, as in {@code open 201}; or {@code open no answer}. */
        Map<String, LongAdder> answers() {
            return answers;
        }

        /** How many requests were to be sent until now. */
        long due() {
            return Duration.between(begun, Instant.now()).toMillis() * perSecond / 1_000;
        }

        long answered() {
            return answers.values().stream().mapToLong(LongAdder::sum).sum();
        }

        /** Of sessions that were opened. */
        List<String> sessions() {
            return sessions;
        }

        /** A failure would end the schedule. */
        private void tryNext() {
            try {
                next();
            } catch (RuntimeException e) {
                count("request", "not sent: " + e);
            }
        }

        private void next() {
            int turn = turns.getAndIncrement();
            int kind = sessions.isEmpty() ? 0 : turn % 20;
            if (kind % 5 == 0) {
                open(turn);
            } else if (kind == 1 || kind == 11) {
                send("wait", request("/" + any() + "?waitSeconds=5").GET());
            } else if (kind == 2 || kind == 12) {
                send("check", request("/" + any() + "/check").POST(BodyPublishers.noBody()));
            } else {
                send("read", request("/" + any()).GET());
            }
        }

        private void open(int turn) {
            JsonObject order = new JsonObject()
                    .put("returnUrl", Callers.returnUrl("order-" + turn))
                    .put(
                            "title",
                            "sandbox:"
                                    + SCENARIOS.get(turn / 5 % SCENARIOS.size()).wireName());
            send(
                            "open",
                            request("")
                                    .header("Idempotency-Key", "order-" + turn)
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(order.encode())))
                    .thenAccept(answer -> {
                        if (answer != null && answer.statusCode() == 201) {
                            sessions.add(new JsonObject(answer.body()).getString("id"));
                        }
                    });
        }

        /** One of the newest, most of which are not settled. */
        private String any() {
            int newest = sessions.size();
            return sessions.get(ThreadLocalRandom.current().nextInt(Math.max(0, newest - 400), newest));
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(address + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + accessToken);
        }

        private CompletableFuture<HttpResponse<String>> send(String kind, HttpRequest.Builder request) {
            underWay.register();
            return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                    .handle((answer, failure) -> {
                        count(kind, failure == null ? told(answer) : "no answer: " + failure);
                        return answer;
                    })
                    .whenComplete((answer, failure) -> underWay.arriveAndDeregister());
        }

        /** With the problem's code, or with what the balancer says in a gateway's place. */
        private static String told(HttpResponse<String> answer) {
            if (answer.statusCode() < 400) {
                return Integer.toString(answer.statusCode());
            }
            return answer.statusCode() + " "
                    + (answer.body().startsWith("{") ? new JsonObject(answer.body()).getString("code") : answer.body());
        }

        private void count(String kind, String told) {
            answers.computeIfAbsent(kind + " " + told, what -> new LongAdder()).increment();
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }
}
