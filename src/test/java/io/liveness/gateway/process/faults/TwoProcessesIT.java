package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.Orders;
import io.liveness.gateway.testsupport.load.Orders.Order;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.VendorLoad;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two gateways on one database share the work: nothing is done twice, nothing is left, and the vendor's budget holds. All
 * is settled by their schedulers only, without a check by a caller.
 */
@Tag("long")
class TwoProcessesIT {

    private static final int CALLS_PER_SECOND = 200;
    private static final List<Order> FIRST = Orders.calm("first", 200);
    private static final Duration TO_FINISH = Duration.ofMinutes(2);

    private Surroundings around;
    private List<GatewayProcess> gateways;

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void two_thousand_sessions_of_every_kind_are_settled_once_each_within_the_budget() {
        start(Duration.ofSeconds(8), Duration.ofSeconds(35), Duration.ofSeconds(10));
        List<Order> stormy = Orders.stormy(60);
        List<Order> mixed = Orders.mixed(1_740);
        // More than the budget has room for: some are sent away and come again.
        Crowd crowd = new Crowd(around.callers(), gateways, CALLS_PER_SECOND * 5 / 4);

        crowd.open(stormy).join();
        Endings.await(around);
        Endings.recoverFromTheStorm(around);
        crowd.open(mixed).join();
        Endings.await(around);

        VendorLoad load = new VendorLoad(around.books().callTimes());
        System.out.printf(
                "2,000 sessions at two gateways: %s; requests repeated after %s%n",
                load.describe(CALLS_PER_SECOND), crowd.repeated());
        Map<String, StoredSession> sessions = Endings.sessions(around);
        Endings.assertEnded(FIRST, sessions);
        Endings.assertEnded(stormy, sessions);
        Endings.assertEnded(mixed, sessions);
        assertThat(crowd.repeated()).isNotEmpty();
        load.assertWithin(CALLS_PER_SECOND);
    }

    @Test
    void when_one_is_killed_the_other_finishes_everything() {
        // A token must outlive the lease of the killed process: the longest call and ten seconds to record its answer.
        start(Duration.ofSeconds(4), Duration.ofSeconds(25), Duration.ofSeconds(6));
        List<Order> orders = Orders.calm("calm", 500);
        Crowd crowd = new Crowd(around.callers(), gateways, CALLS_PER_SECOND / 2);

        CompletableFuture<Void> opening = crowd.open(orders);
        Patience.await("many sessions", TO_FINISH)
                .until(() -> StoredSession.count(around.database()) > orders.size() / 2);
        gateways.get(0).kill();
        opening.join();
        Endings.await(around);

        VendorLoad load = new VendorLoad(around.books().callTimes());
        Map<String, StoredSession> sessions = Endings.sessions(around);
        List<Order> unknown = orders.stream()
                .filter(order -> sessions.get(order.key()).status().equals("UNKNOWN"))
                .toList();
        System.out.printf(
                "One of two gateways killed: %s; %d requests broke off, %d sessions unknown%n",
                load.describe(CALLS_PER_SECOND), crowd.brokenOff().size(), unknown.size());
        // Unknown is at most what it was opening at that moment; all else is as if it had lived.
        assertThat(unknown).extracting(Order::key).isSubsetOf(crowd.brokenOff());
        Endings.assertEnded(FIRST, sessions);
        Endings.assertEnded(
                orders.stream().filter(order -> !unknown.contains(order)).toList(), sessions);
        load.assertWithin(CALLS_PER_SECOND);
    }

    private void start(Duration callTimeout, Duration tokenLifetime, Duration expiryGrace) {
        around = new Surroundings(SandboxSettings.defaults()
                .withTokenLifetime(tokenLifetime)
                .withLateVerdictAfter(Duration.ofSeconds(8))
                .withSlowAnswer(Duration.ofSeconds(1)));
        GatewayEnvironment environment = around.environment()
                .with("jumdata.calls-per-second", Integer.toString(CALLS_PER_SECOND))
                .with("jumdata.timeout", callTimeout.toString())
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", tokenLifetime.toString())
                .with("liveness.opening-timeout", callTimeout.plusSeconds(1).toString())
                .with("liveness.heartbeat", "1s")
                .with("liveness.expiry-grace", expiryGrace.toString())
                .with("liveness.poll.timetable", "1s,2s,3s,4s,5s,6s,8s,12s")
                .with("liveness.poll.final-polls", "10s,3s");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
        // The first calls of a process that has just started are slow and would pile up in a crowd; the next
        // ones are slower than those later on, and would arrive together with them. What is measured is how
        // they run.
        Crowd crowd = new Crowd(around.callers(), gateways, CALLS_PER_SECOND / 4);
        crowd.openOneByOne(FIRST.subList(0, 20));
        crowd.open(FIRST.subList(20, FIRST.size())).join();
    }

    /** The number of sessions that are settled. */
    private static final class Endings {

        private static final Duration TO_FINISH = Duration.ofMinutes(2);

        private Endings() {}

        static void await(Surroundings around) {
            Patience.await("every session to be over", TO_FINISH)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);
        }

        /** Ends the pause that a minute without such an answer would end: tokens of these tests live for seconds, not two hours. */
        static void recoverFromTheStorm(Surroundings around) {
            around.database().execute("select setval('vendor_budget_slow_until', 0)");
        }

        /** The sessions by their keys; each ended once, and the books agree. */
        static Map<String, StoredSession> sessions(Surroundings around) {
            List<StoredSession> sessions = StoredSession.all(around.database());
            BothBooks.assertAgree(sessions, around.books().rows());
            assertThat(sessions.stream().filter(session -> !endedOnce(session))).isEmpty();
            return sessions.stream().collect(Collectors.toMap(StoredSession::key, Function.identity()));
        }

        private static boolean endedOnce(StoredSession session) {
            return session.events("SETTLED", "WRITTEN_OFF") == (session.status().equals("REJECTED") ? 0 : 1);
        }

        /** Every session ended as its scenario says. */
        static void assertEnded(List<Order> orders, Map<String, StoredSession> sessions) {
            assertThat(orders.stream()
                            .filter(order -> !sessions.get(order.key()).end().equals(Orders.end(order.scenario())))
                            .map(order -> order.scenario() + ": " + sessions.get(order.key())))
                    .isEmpty();
        }
    }

    /**
     * Many callers at once, spread over the gateways. Each repeats its request with its key, every time at the next gateway,
     * until it is told what became of it.
     */
    private static final class Crowd {

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
        Crowd(Callers callers, List<GatewayProcess> gateways, int perSecond) {
            this.callers = callers;
            this.gateways = gateways.stream().map(GatewayProcess::url).toList();
            this.perSecond = perSecond;
        }

        /** Completes when every caller has its answer. */
        CompletableFuture<Void> open(List<Order> orders) {
            return CompletableFuture.allOf(IntStream.range(0, orders.size())
                    .mapToObj(turn -> open(orders.get(turn), turn, inItsTurn(turn)))
                    .toArray(CompletableFuture[]::new));
        }

        /** One after another, each when the one before has its answer. */
        void openOneByOne(List<Order> orders) {
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
        Set<String> brokenOff() {
            return brokenOff;
        }

        /** How often a request was sent again, by what it was answered before. */
        Map<String, Integer> repeated() {
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

        /** A missing answer alone may break off: one that cannot be understood would come again and again. */
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
            return answer.status() + " "
                    + answer.problem().map(Problem::getDetail).orElse("");
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
                default ->
                    throw new AssertionError(order + " was answered " + answer.status() + " " + answer.problem());
            };
        }
    }
}
