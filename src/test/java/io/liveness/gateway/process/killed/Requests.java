package io.liveness.gateway.process.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Requests of people that are repeated, with the same key, until they are done; at times two go out at once. */
final class Requests {

    /** A person of finance. */
    record Person(String name, String role) {}

    static final Person ANN = new Person("ann", "finance");
    static final Person BOB = new Person("bob", "finance-admin");

    private static final Duration TO_FINISH = Duration.ofMinutes(2);
    private static final Duration TO_ANSWER = Duration.ofSeconds(40);
    /** Codes of problems that pass. */
    private static final Set<String> LATER =
            Set.of("busy", "unavailable", "rate-limited", "statement-under-way", "period-not-closable");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Person, String> tokens = new ConcurrentHashMap<>();
    private final Callers callers;
    private final Supplier<String> gateway;
    private final Random random;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger brokenOff = new AtomicInteger();

    /** @param gateway the address of one that may run */
    Requests(Callers callers, Supplier<String> gateway, long seed) {
        this.callers = callers;
        this.gateway = gateway;
        this.random = new Random(seed);
    }

    int sent() {
        return sent.get();
    }

    int brokenOff() {
        return brokenOff.get();
    }

    /** @param body null where there is none */
    JsonObject post(Person person, String path, JsonObject body) {
        BodyPublisher json = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode());
        return new JsonObject(post(person, path, "application/json", json));
    }

    JsonObject sendFile(Person person, String path, String csv) {
        return new JsonObject(post(person, path, "text/csv", BodyPublishers.ofString(csv)));
    }

    private String post(Person person, String path, String type, BodyPublisher body) {
        HttpRequest.Builder request = request(person)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", type)
                .POST(body);
        int copies = random(4) == 0 ? 2 : 1;
        return untilDone(path, () -> once(request, path, copies), answer -> true);
    }

    JsonObject get(Person person, String path, Predicate<JsonObject> wanted) {
        return new JsonObject(
                untilDone(path, () -> once(request(person), path, 1), answer -> wanted.test(new JsonObject(answer))));
    }

    String text(Person person, String path) {
        return untilDone(path, () -> once(request(person), path, 1), answer -> true);
    }

    private static String untilDone(String path, Supplier<Optional<String>> once, Predicate<String> wanted) {
        return Patience.await(path, TO_FINISH)
                .until(() -> once.get().filter(wanted), Optional::isPresent)
                .orElseThrow();
    }

    private HttpRequest.Builder request(Person person) {
        String token = tokens.computeIfAbsent(person, one -> callers.personToken(one.name(), one.role()));
        return HttpRequest.newBuilder().timeout(TO_ANSWER).header("Authorization", "Bearer " + token);
    }

    /** @return the answer, or none that says more than to come again */
    private Optional<String> once(HttpRequest.Builder request, String path, int copies) {
        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(
                        () -> request.uri(URI.create(gateway.get() + path)).build())
                .limit(copies)
                .map(one -> http.sendAsync(one, BodyHandlers.ofString()))
                .toList();
        sent.addAndGet(copies);
        // Of two, each is looked at.
        List<Optional<String>> done =
                answers.stream().map(answer -> answered(path, answer)).toList();
        return done.stream().flatMap(Optional::stream).findFirst();
    }

    private Optional<String> answered(String path, CompletableFuture<HttpResponse<String>> sent) {
        try {
            HttpResponse<String> answer = sent.join();
            if (answer.statusCode() / 100 == 2) {
                return Optional.of(answer.body());
            }
            assertThat(LATER)
                    .as("%s: %s", path, answer.body())
                    .contains(new JsonObject(answer.body()).getString("code"));
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
            brokenOff.incrementAndGet();
        }
        return Optional.empty();
    }

    private synchronized int random(int bound) {
        return random.nextInt(bound);
    }
}
