package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.testsupport.Callers;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

/**
 * Requests at a steady rate to one address: of twenty, four open a session, two wait for a verdict, two ask for a check and twelve read.
 * None is repeated, whatever it is answered.
 */
public final class MixedLoad implements AutoCloseable {

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

    public static MixedLoad start(String address, String accessToken, int perSecond) {
        MixedLoad load = new MixedLoad(address, accessToken, perSecond);
        load.clock.scheduleAtFixedRate(load::tryNext, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
        return load;
    }

    /** Begins nothing more, and returns when everything is answered. */
    public void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        underWay.arriveAndAwaitAdvance();
    }

    /** How many requests of each kind were answered how, as in {@code open 201}; or {@code open no answer}. */
    public Map<String, LongAdder> answers() {
        return answers;
    }

    /** How many requests were to be sent until now. */
    public long due() {
        return Duration.between(begun, Instant.now()).toMillis() * perSecond / 1_000;
    }

    public long answered() {
        return answers.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Of sessions that were opened. */
    public List<String> sessions() {
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
                        "sandbox:" + SCENARIOS.get(turn / 5 % SCENARIOS.size()).wireName());
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
