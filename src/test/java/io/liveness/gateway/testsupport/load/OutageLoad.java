package io.liveness.gateway.testsupport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.Orders.Order;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Callers that continue while the database is away: each opens a session, with the same key until it is open and again when
 * Retry-After says, and waits for its verdict, again and again until it is there, every time at the other gateway. Those of late verdicts ask for a
 * check first.
 */
public final class OutageLoad {

    private static final Executor A_SECOND_LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
    private static final Executor SECONDS_LATER = CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS);
    private static final Set<String> TO_WAIT_FOR = Set.of("OPENING", "PENDING");

    private final Callers callers;
    private final Waiters waiters;
    private final List<String> gateways;
    private final Queue<Told> opens = new ConcurrentLinkedQueue<>();
    private final Queue<Told> checks = new ConcurrentLinkedQueue<>();
    private final Queue<Told> waits = new ConcurrentLinkedQueue<>();
    private final Queue<Waiters.Answer> told = new ConcurrentLinkedQueue<>();
    private final List<Order> orders = new ArrayList<>();
    private final List<CompletableFuture<?>> under = new ArrayList<>();

    /** What one request was answered; without a number when there was no answer. */
    public record Told(Instant asked, Duration after, String what) {

        static Told now(Instant asked, String what) {
            return new Told(asked, Duration.between(asked, Instant.now()), what);
        }
    }

    public OutageLoad(Callers callers, Waiters waiters, List<GatewayProcess> gateways) {
        this.callers = callers;
        this.waiters = waiters;
        this.gateways = gateways.stream().map(GatewayProcess::url).toList();
    }

    /** Callers that come one after another and repeat until they succeed. Returns at once. */
    public void callersWho(String name, int perSecond, Duration span, Scenario... scenarios) {
        for (int turn = 0; turn < perSecond * span.toSeconds(); turn++) {
            Order order = new Order(name + "-" + turn, scenarios[turn % scenarios.length]);
            orders.add(order);
            int other = turn + 1;
            under.add(open(order, turn, inTurn(turn, perSecond))
                    .thenCompose(id -> order.scenario() == Scenario.LATE ? checkLater(id, other) : done(id))
                    .thenCompose(id -> awaitVerdict(id, other, Runnable::run)));
        }
    }

    /** Callers that ask once and do not repeat, whatever the answer. Returns at once. */
    public void callersWhoAskOnce(String name, int perSecond, Duration span) {
        for (int turn = 0; turn < perSecond * span.toSeconds(); turn++) {
            Order order = new Order(name + "-" + turn, Scenario.PASS);
            under.add(ask(order, turn, inTurn(turn, perSecond)));
        }
    }

    private static Executor inTurn(int turn, int perSecond) {
        return CompletableFuture.delayedExecutor(TimeUnit.SECONDS.toNanos(turn) / perSecond, TimeUnit.NANOSECONDS);
    }

    /** The orders that had to be opened in the end. */
    public List<Order> orders() {
        return orders;
    }

    /** Returns when each of those has a session, and a final one. */
    public void join() {
        CompletableFuture.allOf(under.toArray(CompletableFuture[]::new)).join();
    }

    /** No verdict is lost, no key has cost two fees, and the books agree with the vendor's. */
    public void assertNothingIsLost(List<StoredSession> sessions, Surroundings around) {
        BothBooks.assertAgree(sessions, around.books().rows());
        Map<String, StoredSession> byKey =
                sessions.stream().collect(Collectors.toMap(StoredSession::key, Function.identity()));
        assertThat(orders.stream()
                        .filter(order -> !byKey.get(order.key()).end().equals(Orders.end(order.scenario())))
                        .map(order -> order.scenario() + ": " + byKey.get(order.key())))
                .as("verdicts lost")
                .isEmpty();
        assertThat(sessions.stream().filter(session -> session.status().equals("UNKNOWN")))
                .as("sessions whose init may have been sent")
                .isEmpty();
        assertThat(around.books().initCalls())
                .as("inits, each of which took a fee")
                .isEqualTo(around.books().rows().size());
    }

    /** What those were told that asked in that time. */
    public List<Told> opens(Instant from, Instant to) {
        return between(opens, from, to);
    }

    public List<Told> checks(Instant from, Instant to) {
        return between(checks, from, to);
    }

    /** Later answers to reads that waited when their session was settled. */
    public List<Waiters.Answer> toldOfWhatWasSettledAfter(Instant moment) {
        return told.stream()
                .filter(answer ->
                        Instant.parse(answer.session().getString("updatedAt")).isAfter(moment))
                .sorted(Comparator.comparing(Waiters.Answer::answered))
                .toList();
    }

    public List<Told> waits(Instant from, Instant to) {
        return between(waits, from, to);
    }

    private static List<Told> between(Queue<Told> all, Instant from, Instant to) {
        return all.stream()
                .filter(told -> !told.asked().isBefore(from) && told.asked().isBefore(to))
                .toList();
    }

    /** How often each was told, and the longest it took, as in {@code 503 unavailable x 12 <= 3002 ms}. */
    public static String describe(List<Told> all) {
        Map<String, List<Told>> byAnswer = new TreeMap<>();
        all.forEach(told ->
                byAnswer.computeIfAbsent(told.what(), what -> new ArrayList<>()).add(told));
        List<String> lines = new ArrayList<>();
        byAnswer.forEach((what, those) -> lines.add(
                "%s x %d <= %d ms".formatted(what, those.size(), longest(those).toMillis())));
        return String.join("; ", lines);
    }

    public static Duration longest(List<Told> all) {
        return all.stream().map(Told::after).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private CompletableFuture<Answer> ask(Order order, int turn, Executor when) {
        return CompletableFuture.supplyAsync(Instant::now, when)
                .thenCompose(asked -> callers.openLater(
                                gateway(turn), order.key(), order.scenario().wireName())
                        .whenComplete((answer, failure) -> opens.add(Told.now(
                                asked, failure == null ? what(answer) : "no answer: " + failure.getMessage()))))
                .exceptionally(noAnswer -> null);
    }

    private CompletableFuture<String> checkLater(String id, int turn) {
        return CompletableFuture.supplyAsync(() -> id, SECONDS_LATER).thenCompose(now -> check(id, turn));
    }

    /** One check is made, whatever the answer. */
    private CompletableFuture<String> check(String id, int turn) {
        Instant asked = Instant.now();
        return callers.checkLater(gateway(turn), id).handle((answer, failure) -> {
            checks.add(Told.now(asked, failure == null ? what(answer) : "no answer: " + failure.getMessage()));
            return id;
        });
    }

    private static CompletableFuture<String> done(String id) {
        return CompletableFuture.completedFuture(id);
    }

    private static String what(Answer answer) {
        return answer.status()
                + answer.problem().map(problem -> " " + problem.getDetail()).orElse("");
    }

    private CompletableFuture<String> open(Order order, int turn, Executor when) {
        return ask(order, turn, when)
                .thenCompose(answer -> answer != null && answer.session().isPresent()
                        ? CompletableFuture.completedFuture(answer.id())
                        : open(order, turn + 1, whenTold(answer)));
    }

    private static Executor whenTold(Answer answer) {
        long seconds = answer == null
                ? 1
                : answer.retryAfter().map(Duration::toSeconds).orElse(1L);
        return CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> awaitVerdict(String id, int turn, Executor when) {
        return CompletableFuture.supplyAsync(Instant::now, when)
                .thenCompose(asked -> waiters.waitFor(gateway(turn), id).handle((answer, failure) -> {
                    waits.add(Told.now(
                            asked,
                            failure == null
                                    ? Integer.toString(answer.httpStatus())
                                    : "no answer: " + failure.getMessage()));
                    if (failure == null && isTold(answer)) {
                        told.add(answer);
                    }
                    return failure == null && isOver(answer);
                }))
                .thenCompose(isOver -> isOver
                        ? CompletableFuture.<Void>completedFuture(null)
                        : awaitVerdict(id, turn + 1, A_SECOND_LATER));
    }

    private static boolean isOver(Waiters.Answer answer) {
        return answer.httpStatus() == 200
                && !TO_WAIT_FOR.contains(answer.session().getString("status"));
    }

    /** The answer tells of a session that was settled while a read waited. */
    private static boolean isTold(Waiters.Answer answer) {
        return isOver(answer)
                && Instant.parse(answer.session().getString("updatedAt")).isAfter(answer.asked());
    }

    private String gateway(int turn) {
        return gateways.get(turn % gateways.size());
    }
}
