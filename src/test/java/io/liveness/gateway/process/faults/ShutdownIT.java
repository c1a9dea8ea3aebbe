package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.KeptCursor;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.Waiters;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The gateway completes and records requests under way when it gets SIGTERM. */
class ShutdownIT {

    private static final int ENDED_BY_SIGTERM = 128 + 15;
    // What Quarkus says when it has been told.
    private static final String STOPPING = "Waiting for HTTP requests to complete";
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(20);
    // A gateway that does not wait for an answer has ended by then.
    private static final Executor LONG_AFTER_THE_STOP = CompletableFuture.delayedExecutor(4, TimeUnit.SECONDS);

    @Test
    void an_opening_under_way_is_answered_and_recorded_before_the_process_ends() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults());
                FaultProxy toVendor = FaultProxy.to(around.vendorUrl())) {
            FaultProxy.Gate beforeAnswer = toVendor.holdAnswers();
            GatewayEnvironment environment =
                    around.environment().with("quarkus.rest-client.jumdata-init.url", toVendor.url());
            GatewayProcess gateway = around.start(environment);
            CompletableFuture<Answer> opening = around.callers().openLater(gateway.url(), "order-4711", "pass");
            beforeAnswer.awaitReached();

            gateway.askToStop();

            Patience.await("the gateway to wait for its requests", TO_BE_TOLD)
                    .until(() -> gateway.output().stream().anyMatch(line -> line.contains(STOPPING)));
            beforeAnswer.open();

            assertThat(opening.join().status()).isEqualTo(201);
            assertThat(gateway.awaitExit()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(StoredSession.all(around.database())).singleElement().satisfies(session -> {
                assertThat(session.end()).isEqualTo("PENDING/PRE_DEDUCTED");
                assertThat(session.ledger()).hasSize(1);
            });
        }
    }

    @Test
    void a_verdict_on_its_way_is_recorded_before_the_process_ends() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults());
                FaultProxy toVendor = FaultProxy.to(around.vendorUrl())) {
            FaultProxy.Gate beforeAnswer = toVendor.holdAnswers();
            GatewayProcess gateway = around.start(around.environment()
                    .with("quarkus.rest-client.jumdata-init.url", around.vendorUrl())
                    .with("quarkus.rest-client.jumdata.url", toVendor.url())
                    .with("quarkus.shutdown.delay", "1s")
                    .with("liveness.poll.timetable", "1s"));
            around.callers().open(gateway.url(), "order-1", "pass");
            beforeAnswer.awaitReached();

            gateway.askToStop();

            LONG_AFTER_THE_STOP.execute(beforeAnswer::open);
            assertThat(gateway.awaitExit()).isEqualTo(ENDED_BY_SIGTERM);
            // The gateway ended because all was done, not because its time to stop was over.
            assertThat(gateway.output()).noneMatch(line -> line.contains("poll.stopped-early"));
            assertThat(StoredSession.all(around.database()))
                    .singleElement()
                    .extracting(StoredSession::end)
                    .isEqualTo("PASSED/CHARGED");
        }
    }

    @Test
    void it_is_not_ready_before_it_stops_and_it_answers_waiting_reads() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults());
                Waiters waiters = new Waiters(around.callers().accessToken(), 1)) {
            GatewayProcess gateway = around.start(
                    around.environment().with("quarkus.shutdown.delay", "5s").with("liveness.poll.timetable", "1h"));
            String session =
                    around.callers().open(gateway.url(), "order-1", "pass").id();
            CompletableFuture<Waiters.Answer> waiting = waiters.waitFor(gateway.url(), session);
            Patience.await("a waiting read", TO_BE_TOLD).until(() -> gateway.metric("liveness_waiters") == 1);

            gateway.askToStop();

            Patience.await("the gateway to be not ready", TO_BE_TOLD).until(() -> !gateway.isReady());
            assertThat(around.callers().open(gateway.url(), "order-2", "pass").status())
                    .isEqualTo(201);
            assertThat(waiting).isNotDone();
            assertThat(waiting.join()).satisfies(answer -> {
                assertThat(answer.httpStatus()).isEqualTo(200);
                assertThat(answer.session().getString("status")).isEqualTo("PENDING");
                assertThat(answer.isBeforeItsTime()).isTrue();
            });
            assertThat(gateway.awaitExit()).isEqualTo(ENDED_BY_SIGTERM);
        }
    }

    /** Held reads are answered. A next one that was answered at once would make a loop without a pause. */
    @Test
    void a_loop_over_the_feed_is_told_to_ask_later() {
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment().with("quarkus.shutdown.delay", "1s"));
            String token = around.callers().accessToken();
            LivenessGateway client = new LivenessGateway(gateway.url(), () -> token);
            KeptCursor cursor = new KeptCursor();
            reader.submit(() -> readOn(client, cursor));
            Patience.await("a waiting read", TO_BE_TOLD).until(() -> gateway.metric("liveness_waiters") == 1);
            int before = cursor.saves();

            gateway.askToStop();

            assertThat(gateway.awaitExit()).isEqualTo(ENDED_BY_SIGTERM);
            // The client may have asked once more in the moment between.
            assertThat(cursor.saves() - before).isBetween(1, 3);
        } finally {
            reader.shutdownNow();
        }
    }

    private static Void readOn(LivenessGateway client, KeptCursor cursor) throws ApiException {
        while (!Thread.interrupted()) {
            client.readEvents(cursor, event -> {});
        }
        return null;
    }
}
