package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.Callers;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Persons that use all that is stored encrypted or hashed, one after the other: each opens a session, is found by its token, and returns with
 * it, is checked and has its face fetched, or waits for a verdict. A session of any person before is read, and found by its token and its key.
 * No request is repeated. A visit ends when the balancer has no gateway for it, which happens when a gateway starts on a busy machine.
 */
public final class Visits implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(40);

    private record Session(String key, String id, String token) {}

    /** The balancer answers itself. */
    private static final class NoGateway extends Exception {

        private static final long serialVersionUID = 1;
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService persons;
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final List<String> unexpected = new CopyOnWriteArrayList<>();
    private final Map<String, LongAdder> answered = new ConcurrentSkipListMap<>();
    private final LongAdder withoutGateway = new LongAdder();
    private final AtomicInteger turns = new AtomicInteger();
    private final String address;
    private final String accessToken;

    private Visits(String address, String accessToken, int persons) {
        this.persons = Executors.newScheduledThreadPool(persons);
        this.address = address;
        this.accessToken = accessToken;
    }

    /** @param persons how many at a time */
    public static Visits start(String address, String accessToken, int persons) {
        Visits visits = new Visits(address, accessToken, persons);
        for (int person = 0; person < persons; person++) {
            visits.persons.scheduleWithFixedDelay(visits::tryVisit, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return visits;
    }

    /** Ends when the visits under way have. */
    public void stop() throws InterruptedException {
        persons.shutdown();
        persons.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What was not answered as it should be. Without tokens. */
    public List<String> unexpected() {
        return unexpected;
    }

    /** How many requests of each kind were answered as they should be. */
    public Map<String, LongAdder> answered() {
        return answered;
    }

    /** How many visits ended because the balancer had no gateway. */
    public long withoutGateway() {
        return withoutGateway.sum();
    }

    public int sessions() {
        return sessions.size();
    }

    /** A failure would end the schedule. */
    private void tryVisit() {
        try {
            visit();
        } catch (NoGateway ended) {
            withoutGateway.increment();
        } catch (Exception e) {
            unexpected.add("no answer: " + e);
        }
    }

    private void visit() throws Exception {
        int turn = turns.getAndIncrement();
        Session session = open("order-" + turn);
        sessions.add(session);
        found(session);
        if (turn % 3 == 0) {
            returns(session);
        } else if (turn % 3 == 1) {
            expect("check", 200, send(session("/" + session.id() + "/check").POST(BodyPublishers.noBody())));
            expect("face", 200, send(session("/" + session.id() + "/face-image")));
        } else {
            expect("wait", 200, send(session("/" + session.id() + "?waitSeconds=2")));
        }
        Session earlier = sessions.get(ThreadLocalRandom.current().nextInt(sessions.size()));
        found(earlier);
        HttpResponse<String> replayed = order(earlier.key());
        expect("replay", 200, replayed);
        HttpResponse<String> read = send(session("/" + earlier.id()));
        expect("read", 200, read);
        JsonObject view = new JsonObject(read.body());
        if (view.getString("status").equals("PENDING") && !earlier.token().equals(view.getString("token"))) {
            unexpected.add("read of a pending session without its token");
        }
    }

    private Session open(String key) throws Exception {
        HttpResponse<String> answer = order(key);
        expect("open", 201, answer);
        JsonObject session = new JsonObject(answer.body());
        return new Session(key, session.getString("id"), session.getString("token"));
    }

    private HttpResponse<String> order(String key) throws Exception {
        JsonObject order =
                new JsonObject().put("returnUrl", Callers.returnUrl(key)).put("title", "sandbox:pass");
        return send(session("")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(order.encode())));
    }

    private void found(Session session) throws Exception {
        HttpResponse<String> answer = send(session("/lookup")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        new JsonObject().put("token", session.token()).encode())));
        expect("lookup", 200, answer);
        if (answer.statusCode() == 200 && !session.id().equals(new JsonObject(answer.body()).getString("id"))) {
            unexpected.add("lookup found another session");
        }
    }

    /** The caller's page gets the token when it is the session's. */
    private void returns(Session session) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(
                URI.create(address + "/v1/return/" + session.id() + "?token=" + session.token())));
        expect("return", 303, answer);
        String page = answer.headers().firstValue("Location").orElse("");
        if (!page.endsWith("token=" + session.token())) {
            unexpected.add("return without the token");
        }
    }

    private void expect(String kind, int status, HttpResponse<String> answer) {
        if (answer.statusCode() == status) {
            answered.computeIfAbsent(kind, none -> new LongAdder()).increment();
        } else {
            unexpected.add(kind + " " + answer.statusCode());
        }
    }

    private HttpRequest.Builder session(String path) {
        return HttpRequest.newBuilder(URI.create(address + "/v1/liveness-sessions" + path))
                .header("Authorization", "Bearer " + accessToken);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer =
                http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 503 && answer.body().startsWith("<")) {
            throw new NoGateway();
        }
        return answer;
    }

    @Override
    public void close() {
        persons.shutdownNow();
    }
}
