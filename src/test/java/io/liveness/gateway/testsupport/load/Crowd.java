package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.load.Orders.Order;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Many callers at once, spread over the gateways. Each repeats its request with its key, every time at the next gateway,
 * until it is told what became of it.
 */
public final class Crowd {

    // More than the budget lets wait, so that some are sent away. On a busy machine the others wait outside:
    // requests that are all let in and cannot all be served would be answered by their timeouts.
    private static final int AT_ONCE = 300;
    private static final Executor THREADS = Executors.newFixedThreadPool(AT_ONCE, Crowd::daemon);
    // What Retry-After says to all that is worth repeating here.
    private static final Executor A_SECOND_LATER = later(TimeUnit.SECONDS.toNanos(1));

    private final Callers callers;
    private final List<String> gateways;
    private final int perSecond;
    private final Map<String, Integer> repeated = new ConcurrentSkipListMap<>();
    private final Set<String> brokenOff = ConcurrentHashMap.newKeySet();

    /** @param perSecond how many callers come, as long as not too many wait for an answer */
    public Crowd(Callers callers, List<GatewayProcess> gateways, int perSecond) {
        this.callers = callers;
        this.gateways = gateways.stream().map(GatewayProcess::url).toList();
        this.perSecond = perSecond;
    }

    /** Completes when every caller has its answer. */
    public CompletableFuture<Void> open(List<Order> orders) {
        return CompletableFuture.allOf(IntStream.range(0, orders.size())
                .mapToObj(turn -> open(orders.get(turn), turn, inItsTurn(turn)))
                .toArray(CompletableFuture[]::new));
    }

    /** One after another, each when the one before has its answer. */
    public void openOneByOne(List<Order> orders) {
        for (int turn = 0; turn < orders.size(); turn++) {
            open(orders.get(turn), turn, Runnable::run).join();
        }
    }

    private Executor inItsTurn(int turn) {
        return later(TimeUnit.SECONDS.toNanos(turn) / perSecond);
    }

    private static Executor later(long nanos) {
        return CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, THREADS);
    }

    /** The keys of which a request found no answer at all. */
    public Set<String> brokenOff() {
        return brokenOff;
    }

    /** How often a request was sent again, by what it was answered before. */
    public Map<String, Integer> repeated() {
        return repeated;
    }

    private CompletableFuture<Answer> open(Order order, int turn, Executor when) {
        String gateway = gateways.get(turn % gateways.size());
        return CompletableFuture.supplyAsync(() -> ask(gateway, order), when)
                .handle((answer, failure) -> {
                    if (failure == null && isFinal(order, answer)) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    if (failure != null) {
                        breakOff(order, failure);
                    }
                    return again(order, turn + 1, failure == null ? reason(answer) : "no answer");
                })
                .thenCompose(answer -> answer);
    }

    /** Only for want of an answer: one that cannot be understood would come again and again. */
    private void breakOff(Order order, Throwable failure) {
        if (!(failure.getCause() instanceof UncheckedIOException)) {
            throw new AssertionError(order + " was not understood", failure);
        }
        brokenOff.add(order.key());
    }

    private Answer ask(String gateway, Order order) {
        return callers.open(gateway, order.key(), order.scenario().wireName());
    }

    private static String reason(Answer answer) {
        return answer.status() + " " + answer.problem().map(Problem::getDetail).orElse("");
    }

    private CompletableFuture<Answer> again(Order order, int turn, String reason) {
        repeated.merge(reason, 1, Integer::sum);
        return open(order, turn, A_SECOND_LATER);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "crowd");
        thread.setDaemon(true);
        return thread;
    }

    /** The vendor's own refusals would come again, except the one that comes once. */
    private static boolean isFinal(Order order, Answer answer) {
        boolean vendorRefused = answer.vendorRefused() && order.scenario() != Scenario.CODE_609_ONCE;
        return switch (answer.status()) {
            case 200, 201, 502, 504 -> true;
            case 503 -> vendorRefused;
            case 409 -> false;
            default -> throw new AssertionError(order + " was answered " + answer.status() + " " + answer.problem());
        };
    }
}
