package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.process.Orders.Order;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.GatewayEnvironment;
import io.liveness.gateway.testsupport.GatewayProcess;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two gateways on one database share the work: nothing is done twice, nothing is left, and the vendor's budget holds. All
 * is settled by their schedulers alone: nobody asks for a check.
 */
class TwoProcessesIT {

    private static final int CALLS_PER_SECOND = 200;
    private static final Duration TO_FINISH = Duration.ofMinutes(2);

    private Surroundings around;
    private List<GatewayProcess> gateways;

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void two_thousand_sessions_of_every_kind_are_settled_once_each_within_the_budget() {
        start(Duration.ofSeconds(40), Duration.ofSeconds(12));
        List<Order> stormy = Orders.stormy(100);
        List<Order> mixed = Orders.mixed(1_900);
        // More than the budget has room for: some are sent away and come again.
        Crowd crowd = new Crowd(around.callers(), gateways, CALLS_PER_SECOND * 3 / 2);

        // What slows reconciling down comes first, so that it finds its pace again within the short life of a token
        // here.
        crowd.open(stormy).join();
        awaitTheEnd();
        crowd.open(mixed).join();
        awaitTheEnd();

        VendorLoad load = new VendorLoad(around.books().callTimes());
        System.out.printf("2,000 sessions at two gateways: %s; %d requests repeated%n", load, crowd.repeated());
        Map<String, StoredSession> sessions = sessions();
        assertEnded(stormy, sessions);
        assertEnded(mixed, sessions);
        assertThat(crowd.repeated()).isPositive();
        load.assertWithin(CALLS_PER_SECOND);
    }

    @Test
    void when_one_is_killed_the_other_finishes_everything() {
        // A token must outlive the lease of whoever was killed: the longest call and ten seconds to record its answer.
        start(Duration.ofSeconds(22), Duration.ofSeconds(6));
        List<Order> orders = Orders.calm(600);

        CompletableFuture<Void> opening = new Crowd(around.callers(), gateways, CALLS_PER_SECOND / 2).open(orders);
        Patience.await("half of the sessions", TO_FINISH)
                .until(() -> StoredSession.count(around.database()) > orders.size() / 2);
        gateways.get(0).kill();
        opening.join();
        awaitTheEnd();

        VendorLoad load = new VendorLoad(around.books().callTimes());
        Map<String, StoredSession> sessions = sessions();
        // What it was opening at that moment is unknown for good; all else is as if it had lived.
        List<Order> lost = orders.stream()
                .filter(order -> sessions.get(order.key()).status().equals("UNKNOWN"))
                .toList();
        System.out.printf("One of two gateways killed: %s; %d sessions unknown%n", load, lost.size());
        assertThat(lost).hasSizeLessThan(orders.size() / 10);
        assertEnded(orders.stream().filter(order -> !lost.contains(order)).toList(), sessions);
        load.assertWithin(CALLS_PER_SECOND);
    }

    private void start(Duration tokenLifetime, Duration expiryGrace) {
        around = new Surroundings(SandboxSettings.defaults()
                .withTokenLifetime(tokenLifetime)
                .withLateVerdictAfter(Duration.ofSeconds(8))
                .withSlowAnswer(Duration.ofSeconds(1)));
        GatewayEnvironment environment = around.environment()
                .with("jumdata.calls-per-second", Integer.toString(CALLS_PER_SECOND))
                .with("jumdata.timeout", "3s")
                .with("jumdata.token-lifetime", tokenLifetime.toString())
                .with("liveness.opening-timeout", "5s")
                .with("liveness.expiry-grace", expiryGrace.toString())
                .with("liveness.reconcile.every", "250ms")
                .with("liveness.reconcile.timetable", "400ms,800ms,1200ms,1600ms,2s,2400ms,2800ms,3200ms,3600ms,4s,8s")
                .with("liveness.reconcile.last-looks", "10s,3s");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
    }

    private void awaitTheEnd() {
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);
    }

    /** By their keys; each ended once, and the books agree. */
    private Map<String, StoredSession> sessions() {
        List<StoredSession> sessions = StoredSession.all(around.database());
        BothBooks.assertAgree(sessions, around.books().rows());
        assertThat(sessions.stream().filter(session -> !endedOnce(session))).isEmpty();
        return sessions.stream().collect(Collectors.toMap(StoredSession::key, Function.identity()));
    }

    private static boolean endedOnce(StoredSession session) {
        return session.events("SETTLED", "WRITTEN_OFF") == (session.status().equals("REJECTED") ? 0 : 1);
    }

    private static void assertEnded(List<Order> orders, Map<String, StoredSession> sessions) {
        assertThat(orders.stream()
                        .filter(order -> !sessions.get(order.key()).end().equals(Orders.end(order.scenario())))
                        .map(order -> order.scenario() + ": " + sessions.get(order.key())))
                .isEmpty();
    }
}
