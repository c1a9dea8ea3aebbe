package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
                int visitsBefore = visits.begun();
                gateways.get(which).askToStop();
                gateways.get(which).awaitExit();
                gateways.set(which, around.start(environment(targets.get(which))));
                balancer.awaitInUse(targets.get(which));
                Patience.await("more visits", TO_FINISH).until(() -> visits.begun() >= visitsBefore + VISITS);
            }
            visits.stop();
            Patience.await("every session to be over", TO_FINISH)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);

            System.out.printf("%d gateways replaced under load: %s%n", REPLACED, visits.answered());
            assertThat(visits.unexpected()).isEmpty();
            assertThat(visits.answered().keySet()).containsExactly("check", "face", "open", "read", "wait");
            List<StoredSession> sessions = StoredSession.all(around.database());
            assertThat(sessions).hasSize(visits.sessions()).hasSizeGreaterThanOrEqualTo(REPLACED * VISITS);
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

    /** Persons that come one after the other. No request is repeated. */
    private static final class Visits implements AutoCloseable {

        private static final Duration PATIENCE = Duration.ofSeconds(40);
        private static final Duration PAUSE = Duration.ofMillis(40);

        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final ScheduledExecutorService persons;
        private final List<String> unexpected = new CopyOnWriteArrayList<>();
        private final Map<String, LongAdder> answered = new ConcurrentSkipListMap<>();
        private final AtomicInteger turns = new AtomicInteger();
        private final String sessions;
        private final String accessToken;

        private Visits(String address, String accessToken, int persons) {
            this.persons = Executors.newScheduledThreadPool(persons);
            this.sessions = address + "/v1/liveness-sessions";
            this.accessToken = accessToken;
        }

        static Visits start(String address, String accessToken, int persons) {
            Visits visits = new Visits(address, accessToken, persons);
            for (int person = 0; person < persons; person++) {
                visits.persons.scheduleWithFixedDelay(visits::visit, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
            return visits;
        }

        /** Ends when the visits under way have. */
        void stop() throws InterruptedException {
            persons.shutdown();
            persons.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        List<String> unexpected() {
            return unexpected;
        }

        /** How many requests of each kind were answered as they should be. */
        Map<String, LongAdder> answered() {
            return answered;
        }

        int begun() {
            return turns.get();
        }

        /** How many were opened. */
        int sessions() {
            return answered.get("open").intValue();
        }

        /** A failure would end the schedule. */
        private void visit() {
            int turn = turns.getAndIncrement();
            try {
                String key = "order-" + turn;
                JsonObject order = new JsonObject()
                        .put("returnUrl", Callers.returnUrl(key))
                        .put("title", "sandbox:pass");
                String id = new JsonObject(send(
                                "open",
                                201,
                                request("")
                                        .header("Idempotency-Key", key)
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString(order.encode()))))
                        .getString("id");
                send("read", 200, request("/" + id));
                if (turn % 2 == 0) {
                    send("check", 200, request("/" + id + "/check").POST(BodyPublishers.noBody()));
                    send("face", 200, request("/" + id + "/face-image"));
                } else {
                    send("wait", 200, request("/" + id + "?waitSeconds=2"));
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                unexpected.add("no answer: " + e);
            }
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(sessions + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + accessToken);
        }

        private String send(String kind, int status, HttpRequest.Builder request)
                throws IOException, InterruptedException {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() == status) {
                answered.computeIfAbsent(kind, none -> new LongAdder()).increment();
            } else {
                unexpected.add(kind + " " + answer.statusCode());
            }
            return answer.body();
        }

        @Override
        public void close() {
            persons.shutdownNow();
        }
    }
}
