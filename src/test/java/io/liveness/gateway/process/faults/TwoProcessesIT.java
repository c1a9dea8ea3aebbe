package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.Crowd;
import io.liveness.gateway.testsupport.load.Endings;
import io.liveness.gateway.testsupport.load.Orders;
import io.liveness.gateway.testsupport.load.Orders.Order;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.VendorLoad;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

    @Test
    void forty_opens_at_once_do_not_exceed_a_budget_that_stops_hard() {
        around = new Surroundings(SandboxSettings.defaults());
        GatewayEnvironment environment = around.environment()
                .with("jumdata.calls-per-second", Integer.toString(CALLS_PER_SECOND))
                .with("liveness.finance.budgets", "shop=8.00 CNY hard-stop");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);

        List<CompletableFuture<Callers.Answer>> opens = IntStream.range(0, 40)
                .mapToObj(n -> around.callers().openLater(gateways.get(n % 2).url(), "at-once-" + n, "abandon"))
                .toList();

        Map<Integer, Long> answers = opens.stream()
                .map(CompletableFuture::join)
                .collect(Collectors.groupingBy(Callers.Answer::status, Collectors.counting()));
        assertThat(answers).isEqualTo(Map.of(201, 10L, 429, 30L));
        assertThat(around.books().rows()).hasSize(10);
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
}
