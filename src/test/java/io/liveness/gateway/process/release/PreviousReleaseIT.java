package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.Crowd;
import io.liveness.gateway.testsupport.load.Endings;
import io.liveness.gateway.testsupport.load.GatewayMetrics;
import io.liveness.gateway.testsupport.load.Orders;
import io.liveness.gateway.testsupport.load.Orders.Order;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.Told;
import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An upgrade, and the way back: this release and the one before it on one database, on this one's schema. */
@Tag("long")
class PreviousReleaseIT {

    private static final Path BUILT = Path.of("target", "previous-release");
    private static final Path PREVIOUS_RELEASE = BUILT.resolve(Path.of("target", "quarkus-app", "quarkus-run.jar"));
    private static final Duration TWO_HOURS = Duration.ofHours(2);

    private Surroundings around;

    @BeforeAll
    static void build() {
        String commit = System.getProperty("previous.release");
        Command.succeed(Path.of(""), "src/test/previous-release/build", commit, BUILT.toString());
    }

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void both_releases_serve_every_kind_of_session_side_by_side() {
        GatewayEnvironment environment = surround(Duration.ofSeconds(35));
        GatewayProcess current = around.start(environment);
        GatewayProcess previous = around.start(environment, PREVIOUS_RELEASE);
        List<Order> first = Orders.calm("first", 20);
        List<Order> stormy = Orders.inPairs(Orders.stormy(18));
        List<Order> mixed = Orders.inPairs(Orders.mixed(200));
        Crowd crowd = new Crowd(around.callers(), List.of(current, previous), 40);

        crowd.openOneByOne(first);
        crowd.open(stormy).join();
        Endings.await(around);
        Endings.recoverFromTheStorm(around);
        crowd.open(mixed).join();
        Endings.await(around);

        Map<String, StoredSession> sessions = Endings.sessions(around);
        Endings.assertEnded(first, sessions);
        Endings.assertEnded(stormy, sessions);
        Endings.assertEnded(mixed, sessions);
        told(previous).assertKeptBy(told(current));
        assertDoesItsPart(current);
        assertDoesItsPart(previous);
        assertNoErrors(current, previous);
    }

    @Test
    void what_the_previous_release_left_open_is_finished_and_told_alike_after_the_upgrade_and_the_way_back() {
        GatewayEnvironment environment = surround(TWO_HOURS);
        List<Order> orders = Orders.calm("left-open", 40);
        // Nothing is asked until it is brought forward: what is open stays as it is.
        GatewayProcess previous =
                around.start(environment.with("liveness.reconcile.timetable", "1h"), PREVIOUS_RELEASE);
        new Crowd(around.callers(), List.of(previous), 20).open(orders).join();
        Told open = told(previous);
        previous.kill();

        GatewayProcess current = around.start(environment);
        open.assertKeptBy(told(current));
        assertThat(orders).allSatisfy(order -> assertReplayed(current, order));
        Endings.bringForward(around);
        Endings.await(around);

        Endings.assertEnded(orders, Endings.sessions(around));
        GatewayProcess rolledBack = around.start(environment, PREVIOUS_RELEASE);
        told(rolledBack).assertKeptBy(told(current));
        assertNoErrors(previous, current, rolledBack);
    }

    private GatewayEnvironment surround(Duration tokenLifetime) {
        around = new Surroundings(SandboxSettings.defaults()
                .withTokenLifetime(tokenLifetime)
                .withLateVerdictAfter(Duration.ofSeconds(8))
                .withSlowAnswer(Duration.ofSeconds(1)));
        return around.environment()
                // Until the release before has it by itself.
                .with("quarkus.flyway.ignore-future-migrations", "true")
                .with("jumdata.calls-per-second", "200")
                .with("jumdata.timeout", "8s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", tokenLifetime.toString())
                .with("liveness.opening-timeout", "9s")
                .with("liveness.expiry-grace", "10s")
                .with("liveness.reconcile.timetable", "1s,2s,3s,4s,5s,6s,8s,12s")
                .with("liveness.reconcile.last-looks", "10s,3s");
    }

    private Told told(GatewayProcess gateway) {
        return Told.by(gateway, around.callers().accessToken());
    }

    private void assertReplayed(GatewayProcess gateway, Order order) {
        Answer answer = around.callers()
                .open(gateway.url(), order.key(), order.scenario().wireName());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.replayed()).isTrue();
    }

    /** Also of two gateways one alone would bring all sessions to their ends. */
    private static void assertDoesItsPart(GatewayProcess gateway) {
        GatewayMetrics metrics = new GatewayMetrics(gateway);
        assertThat(metrics.opened()).isGreaterThan(100);
        assertThat(metrics.settled()).isPositive();
    }

    private static void assertNoErrors(GatewayProcess... gateways) {
        assertThat(List.of(gateways)).allSatisfy(gateway -> {
            assertThat(gateway.output()).isNotEmpty();
            assertThat(gateway.output().stream().filter(PreviousReleaseIT::isError))
                    .isEmpty();
        });
    }

    /** The orders ask for failures of the vendor, so a line that it is away is none. */
    private static boolean isError(String line) {
        return line.contains("\"level\":\"ERROR\"") && !line.contains("\"message\":\"vendor.away ");
    }
}
