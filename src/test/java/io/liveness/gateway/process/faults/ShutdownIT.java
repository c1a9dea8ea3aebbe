package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.liveness.gateway.testsupport.load.GatewayMetrics;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.Waiters;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** On SIGTERM the gateway first completes and records requests under way. */
class ShutdownIT {

    private static final int ENDED_BY_SIGTERM = 128 + 15;
    // What Quarkus says when it has been told.
    private static final String STOPPING = "Waiting for HTTP requests to complete";
    // What Quarkus says when quarkus.shutdown.timeout is over.
    private static final String STOPPED_ANYWAY = "Timed out waiting for graceful shutdown";
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
        verdictComesAfterTheStop(
                environment -> environment.with("liveness.poll.timetable", "1s"), (gateway, session) -> {});
    }

    @Test
    void a_verdict_is_recorded_after_the_wait_of_the_return_hop() {
        verdictComesAfterTheStop(
                environment -> environment
                        .with("liveness.poll.timetable", "1h")
                        .with("liveness.return-hop.base-url", "http://localhost")
                        .with("liveness.return-hop.wait", "1s"),
                (gateway, session) ->
                        assertThat(browserReturns(gateway, session)).isEqualTo(303));
    }

    private static void verdictComesAfterTheStop(
            UnaryOperator<GatewayEnvironment> settings, BiConsumer<GatewayProcess, Session> meanwhile) {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults());
                FaultProxy toVendor = FaultProxy.to(around.vendorUrl())) {
            FaultProxy.Gate beforeAnswer = toVendor.holdAnswers();
            GatewayProcess gateway = around.start(settings.apply(around.environment()
                    .with("quarkus.rest-client.jumdata-init.url", around.vendorUrl())
                    .with("quarkus.rest-client.jumdata.url", toVendor.url())
                    .with("quarkus.shutdown.delay", "1s")));
            Session session = around.callers()
                    .open(gateway.url(), "order-1", "pass")
                    .session()
                    .orElseThrow();
            meanwhile.accept(gateway, session);
            beforeAnswer.awaitReached();

            gateway.askToStop();

            LONG_AFTER_THE_STOP.execute(beforeAnswer::open);
            assertThat(gateway.awaitExit()).isEqualTo(ENDED_BY_SIGTERM);
            // It ended because all was done, not because its time to stop was over.
            assertThat(gateway.output()).noneMatch(line -> line.contains("poll.stopped-early"));
            assertThat(StoredSession.all(around.database()))
                    .singleElement()
                    .extracting(StoredSession::end)
                    .isEqualTo("PASSED/CHARGED");
        }
    }

    private static int browserReturns(GatewayProcess gateway, Session session) {
        URI address = URI.create(
                gateway.url() + "/v1/return/" + session.getId() + "?token=" + session.getToken() + "&passed=passed");
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
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
            GatewayMetrics metrics = new GatewayMetrics(gateway);
            Patience.await("a waiting read", TO_BE_TOLD).until(() -> metrics.waiters() == 1);

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

    @Test
    void callers_that_go_on_connecting_do_not_keep_it_from_stopping() throws InterruptedException {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment()
                    .with("quarkus.shutdown.delay", "2s")
                    .with("jumdata.calls-per-second", "1000")
                    .with("liveness.poll.timetable", "1h"));
            NewConnections callers =
                    new NewConnections(gateway, around.callers().accessToken());
            Patience.await("opens", TO_BE_TOLD).until(() -> callers.answered(201) > 20);

            gateway.askToStop();

            assertThat(gateway.awaitExit()).isEqualTo(ENDED_BY_SIGTERM);
            callers.stop();
            assertThat(gateway.output()).noneMatch(line -> line.contains(STOPPED_ANYWAY));
            assertThat(callers.statuses()).containsOnly(201, 503);
            assertThat(StoredSession.count(around.database())).isEqualTo(callers.answered(201));
            assertThat(around.books().initCalls()).isEqualTo(callers.answered(201));
        }
    }

    /** Callers that open one session after the other, each on a new connection, whether the gateway is ready or not. */
    private static final class NewConnections {

        private static final int AT_ONCE = 8;

        private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
        private final AtomicInteger sent = new AtomicInteger();
        private final int port;
        private final String accessToken;
        private volatile boolean stopped;

        NewConnections(GatewayProcess gateway, String accessToken) {
            this.port = URI.create(gateway.url()).getPort();
            this.accessToken = accessToken;
            for (int n = 0; n < AT_ONCE; n++) {
                threads.execute(() -> {
                    while (!stopped) {
                        open();
                    }
                });
            }
        }

        private void open() {
            String body = "{\"returnUrl\":\"https://shop.example/done\",\"title\":\"sandbox:pass\"}";
            try (RawConnection connection = new RawConnection(port)) {
                answers.add(connection
                        .exchange("POST /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + accessToken + "\r\nIdempotency-Key: key-" + sent.incrementAndGet()
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .status());
            } catch (IOException e) {
                // Nothing listens any more, or stopped listening meanwhile: that no fee was taken is asserted in the
                // end.
            }
        }

        long answered(int status) {
            return answers.stream().filter(answer -> answer == status).count();
        }

        Queue<Integer> statuses() {
            return answers;
        }

        void stop() throws InterruptedException {
            stopped = true;
            threads.shutdown();
            threads.awaitTermination(TO_BE_TOLD.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
