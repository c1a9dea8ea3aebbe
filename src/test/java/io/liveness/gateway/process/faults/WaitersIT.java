package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.Waiters;
import io.liveness.gateway.testsupport.load.Waiters.Answer;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thousands of reads wait for verdicts at two gateways, which settle for each other. */
@Tag("alone")
class WaitersIT {

    private static final int AT_EACH = 1_000;
    /**
     * The one that listens, those reserved for reconciling, and the pools of the reactive driver, of Flyway and of the batch lane:
     * {@code liveness.database.reserved-connections}, {@code liveness.database.write-connections},
     * {@code quarkus.datasource.reactive.max-size}, {@code …jdbc.max-size}, {@code …batch.jdbc.max-size}.
     */
    private static final int CONNECTIONS = 1 + 4 + 12 + 24 + 3 + 12;

    /** The memory limit of each gateway, including its waiting reads. */
    private static final int HEAP_MEBIBYTES = 128;

    private static final int FEW = 20;
    private static final int AT_A_TIME = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CONNECTED = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and backend_type = 'client backend' and pid <> pg_backend_pid()";

    private static Surroundings around;
    private static List<GatewayProcess> gateways;
    private static int opened;

    @BeforeAll
    static void start() {
        around = new Surroundings(SandboxSettings.defaults());
        GatewayEnvironment environment = around.environment()
                .with("jumdata.calls-per-second", "10000")
                // No poll is made before all reads wait.
                .with("liveness.poll.timetable", "1h");
        gateways = List.of(around.launch(environment, HEAP_MEBIBYTES), around.launch(environment, HEAP_MEBIBYTES));
        gateways.forEach(GatewayProcess::awaitReady);
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    void two_thousand_reads_of_a_session_each_are_answered_when_it_settles() throws Exception {
        List<String> sessions = open(2 * AT_EACH);
        List<Integer> threadsBefore = each("jvm_threads_live_threads");
        try (Waiters waiters = new Waiters(around.callers().accessToken(), AT_EACH)) {
            List<CompletableFuture<Answer>> waiting = new ArrayList<>();
            waiting.addAll(waiters.waitAt(url(0), sessions.subList(0, AT_EACH), AT_EACH));
            waiting.addAll(waiters.waitAt(url(1), sessions.subList(AT_EACH, 2 * AT_EACH), AT_EACH));
            awaitWaiters(AT_EACH, AT_EACH);
            awaitIdleConnections();
            List<Integer> threads = each("jvm_threads_live_threads");
            assertThat(waiting).noneMatch(CompletableFuture::isDone);

            around.pollNow(sessions);
            List<Answer> answers = waiting.stream().map(CompletableFuture::join).toList();

            long connections = around.database().count(CONNECTED);
            System.out.printf(
                    "%d waiters at two gateways of %d MiB: threads %s, without waiters %s; %d connections to the database;"
                            + " answered after settling: %s%n",
                    answers.size(),
                    HEAP_MEBIBYTES,
                    threads,
                    threadsBefore,
                    connections,
                    Answer.describeDelays(answers));
            assertThat(answers).hasSize(2 * AT_EACH);
            assertThat(answers.stream().filter(answer -> !answer.isPassed())).isEmpty();
            // Whom no signal reached sees the verdict too, when the time is up.
            assertThat(answers.stream().filter(answer -> !answer.isBeforeItsTime()))
                    .isEmpty();
            assertThat(difference(threads, threadsBefore)).allMatch(more -> more < FEW);
            assertThat(connections).isLessThanOrEqualTo(gateways.size() * CONNECTIONS);
            awaitWaiters(0, 0);
        }
    }

    private static List<Integer> each(String metric) {
        return gateways.stream().map(gateway -> (int) gateway.metric(metric)).toList();
    }

    private static List<Integer> difference(List<Integer> after, List<Integer> before) {
        return IntStream.range(0, after.size())
                .mapToObj(n -> after.get(n) - before.get(n))
                .toList();
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

    private static String url(int gateway) {
        return gateways.get(gateway).url();
    }

    private static void awaitWaiters(Integer... atEach) {
        Patience.await("as many waiters as " + List.of(atEach), PATIENCE)
                .until(() -> each("liveness_waiters"), List.of(atEach)::equals);
    }

    /** No connection of the pool is in use while all reads wait. */
    private static void awaitIdleConnections() {
        Patience.await("no connection in use at any gateway", PATIENCE)
                .until(() -> gateways.stream().allMatch(gateway -> gateway.metric("sql_pool_active") == 0));
    }
}
