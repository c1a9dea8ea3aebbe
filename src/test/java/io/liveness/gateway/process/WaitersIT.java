package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.process.Waiters.Answer;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.GatewayEnvironment;
import io.liveness.gateway.testsupport.GatewayProcess;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Thousands who wait for verdicts at two gateways, which settle for each other. */
class WaitersIT {

    private static final int AT_EACH = 1_000;
    /** {@code quarkus.datasource.reactive.max-size} */
    private static final int POOL = 20;

    private static final int AT_A_TIME = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Surroundings around;
    private static List<GatewayProcess> gateways;
    private static List<GatewayMetrics> metrics;
    private static int opened;

    @BeforeAll
    static void start() {
        around = new Surroundings(SandboxSettings.defaults());
        GatewayEnvironment environment = around.environment()
                .with("jumdata.calls-per-second", "10000")
                // Nobody asks before everybody waits.
                .with("liveness.reconcile.timetable", "1h");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
        metrics = gateways.stream().map(GatewayMetrics::new).toList();
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    void two_thousand_who_wait_for_a_session_each_are_answered_when_it_settles() throws Exception {
        List<String> sessions = open(2 * AT_EACH);

        holdAndSettle("a session each", sessions.subList(0, AT_EACH), sessions.subList(AT_EACH, 2 * AT_EACH));
    }

    @Test
    void two_thousand_who_wait_for_the_same_ten_sessions_are_answered_when_they_settle() throws Exception {
        List<String> sessions = open(10);

        holdAndSettle("ten sessions", sessions, sessions);
    }

    @Test
    void who_leaves_while_waiting_leaves_nothing_behind() throws Exception {
        List<String> sessions = open(2);
        try (Waiters staying = new Waiters(around.callers().accessToken(), 1)) {
            // Came first: who is gone before it was not sent away because the time was up.
            CompletableFuture<Answer> stays = staying.waitFor(url(0), sessions.get(0));
            awaitWaiters(1, 0);
            try (Waiters leaving = new Waiters(around.callers().accessToken(), 500)) {
                leaving.waitAt(url(0), sessions, 500);
                awaitWaiters(501, 0);
            }
            awaitWaiters(1, 0);
            assertThat(stays).isNotDone();

            settle(sessions);

            assertThat(stays.join().status()).isEqualTo("PASSED");
        }
        awaitWaiters(0, 0);
    }

    private void holdAndSettle(String what, List<String> atFirst, List<String> atSecond) throws Exception {
        List<Integer> threadsBefore =
                metrics.stream().map(GatewayMetrics::threads).toList();
        List<Long> heapBefore = heapHeld();
        try (Waiters waiters = new Waiters(around.callers().accessToken(), AT_EACH)) {
            List<CompletableFuture<Answer>> waiting = new ArrayList<>();
            waiting.addAll(waiters.waitAt(url(0), atFirst, AT_EACH));
            waiting.addAll(waiters.waitAt(url(1), atSecond, AT_EACH));
            awaitWaiters(AT_EACH, AT_EACH);
            awaitIdleConnections();
            List<Integer> threads =
                    metrics.stream().map(GatewayMetrics::threads).toList();
            List<Long> heap = heapHeld();

            settle(Stream.concat(atFirst.stream(), atSecond.stream()).distinct().toList());
            List<Answer> answers = waiting.stream().map(CompletableFuture::join).toList();

            List<Duration> late =
                    answers.stream().map(Answer::sinceSettled).sorted().toList();
            System.out.printf(
                    "%d waiters for %s at two gateways: heap held %s MiB, before %s; threads %s, before %s; %d connections"
                            + " to the database; answered after settling: median %d ms, 99 of 100 %d ms, last %d ms%n",
                    answers.size(),
                    what,
                    heap,
                    heapBefore,
                    threads,
                    threadsBefore,
                    connections(),
                    late.get(late.size() / 2).toMillis(),
                    late.get(late.size() * 99 / 100).toMillis(),
                    late.get(late.size() - 1).toMillis());
            assertThat(answers)
                    .hasSize(2 * AT_EACH)
                    .allMatch(answer ->
                            answer.httpStatus() == 200 && answer.status().equals("PASSED"))
                    .allMatch(Answer::isBeforeItsTime);
        }
    }

    /** A few at a time, however fast the machine is: an opening that waits too long is given up. */
    private static List<String> open(int count) {
        List<String> sessions = new ArrayList<>();
        while (sessions.size() < count) {
            List<CompletableFuture<Callers.Answer>> opening = IntStream.range(
                            0, Math.min(AT_A_TIME, count - sessions.size()))
                    .mapToObj(n -> around.callers().openLater(url(n % gateways.size()), "order-" + opened++, "pass"))
                    .toList();
            opening.forEach(answer -> sessions.add(answer.join().id()));
        }
        return sessions;
    }

    /** They are due now; the gateways' schedulers do the rest. */
    private static void settle(List<String> sessions) throws SQLException {
        try (Connection connection = around.database().connect();
                PreparedStatement due = connection.prepareStatement(
                        "update liveness_session set next_look_at = now() where id = any(?::uuid[])")) {
            due.setArray(1, connection.createArrayOf("text", sessions.toArray()));
            assertThat(due.executeUpdate()).isEqualTo(sessions.size());
        }
    }

    private static String url(int gateway) {
        return gateways.get(gateway).url();
    }

    private static void awaitWaiters(Integer... atEach) {
        Patience.await("as many waiters as " + List.of(atEach), PATIENCE)
                .until(() -> metrics.stream().map(GatewayMetrics::waiters).toList(), List.of(atEach)::equals);
    }

    /** Only the connection that is listened on is in use, when everybody waits. */
    private static void awaitIdleConnections() {
        Patience.await("one connection in use at each gateway", PATIENCE)
                .until(() -> metrics.stream().allMatch(gateway -> gateway.connectionsInUse() == 1));
    }

    private static List<Long> heapHeld() throws Exception {
        List<Long> held = new ArrayList<>();
        for (GatewayMetrics gateway : metrics) {
            held.add(gateway.heapHeld());
        }
        return held;
    }

    private static int connections() throws SQLException {
        return query("select pid from pg_stat_activity where datname = current_database()"
                        + " and backend_type = 'client backend' and pid <> pg_backend_pid()")
                .size();
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = around.database().connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
