package io.liveness.gateway.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How an exchange ends, by the first of what may end it. What goes over its connection is tested by those that use it. */
class ExchangeTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final Exchange<String> exchange =
            new Exchange<>(vertx, 4, (result, sent) -> ends.add(result + (sent ? ", sent" : ", not sent")));
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger connected = new AtomicInteger();
    private final Promise<HttpClientResponse> answer = Promise.promise();
    private final HttpConnection connection = standIn(HttpConnection.class, Map.of("close", () -> {
        closed.incrementAndGet();
        return null;
    }));
    private final HttpClientRequest request =
            standIn(HttpClientRequest.class, Map.of("connection", () -> connection, "response", answer::future));

    private static <T> T standIn(Class<T> type, Map<String, Supplier<?>> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, given) ->
                        methods.getOrDefault(method.getName(), () -> null).get()));
    }

    @AfterEach
    void end() {
        vertx.close();
    }

    static Stream<Arguments> endings() {
        Consumer<ExchangeTest> send = test ->
                assertThat(test.exchange.send(test.request, LONG, () -> "late")).isTrue();
        Consumer<ExchangeTest> sendTooLate = test ->
                assertThat(test.exchange.send(test.request, LONG, () -> "late")).isFalse();
        Consumer<ExchangeTest> whole = read(200);
        return Stream.of(
                ending("an answer", "answer, sent", 0, send, whole, end("answer"), end("lost")),
                ending("a failure", "lost, sent", 1, send, end("lost"), whole, end("answer")),
                ending("half an answer", "half, sent", 1, send, end("half")),
                ending("an answer before the one that counts", "interim, sent", 1, send, read(102), end("interim")),
                ending("a failure behind the answer", "lost, sent", 0, send, whole, end("lost")),
                ending("a limit behind the answer", "late, sent", 0, send, whole, time(SHORT), ended()),
                ending("no connection", "refused, not sent", 0, end("refused"), end("again")),
                ending("nobody waits for the connection", "left, not sent", 1, end("left"), sendTooLate),
                ending("no connection in time", "late, not sent", 1, time(SHORT), ended(), sendTooLate),
                ending("no answer in time", "late, sent", 1, time(LONG), send, time(SHORT), ended()),
                ending("a limit after the end", "lost, sent", 1, send, end("lost"), time(SHORT), pause()),
                ending(
                        "a limit in place of another",
                        "lost, sent",
                        1,
                        atOnce(time(SHORT), time(LONG)),
                        pause(),
                        send,
                        end("lost")),
                ending(
                        "a limit of connecting when it is over",
                        "lost, sent",
                        1,
                        atOnce(time(SHORT), send),
                        pause(),
                        end("lost")));
    }

    @SafeVarargs
    private static Arguments ending(String what, String end, int closed, Consumer<ExchangeTest>... steps) {
        return Arguments.of(what, end, closed, List.of(steps));
    }

    private static Consumer<ExchangeTest> end(String result) {
        return test -> test.exchange.end(result);
    }

    private static Consumer<ExchangeTest> read(int status) {
        return test -> test.answer.complete(
                standIn(HttpClientResponse.class, Map.of("statusCode", () -> status, "end", Future::succeededFuture)));
    }

    private static Consumer<ExchangeTest> time(Duration time) {
        return test -> test.exchange.within(time, () -> "late");
    }

    private static Consumer<ExchangeTest> ended() {
        return test -> Patience.await("its end", LONG).until(test.exchange::hasEnded);
    }

    /** Both steps run in one turn of an event loop, so that no timer of the first one is up before the second one. */
    private static Consumer<ExchangeTest> atOnce(Consumer<ExchangeTest> first, Consumer<ExchangeTest> second) {
        return test -> {
            Promise<Void> done = Promise.promise();
            test.vertx.runOnContext(now -> {
                first.accept(test);
                second.accept(test);
                done.complete();
            });
            Patience.await("both", LONG).until(() -> done.future().succeeded());
        };
    }

    private static Consumer<ExchangeTest> pause() {
        return test -> {
            AtomicInteger up = new AtomicInteger();
            test.vertx.setTimer(20, time -> up.incrementAndGet());
            Patience.await("a moment", LONG).until(() -> up.get() == 1);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void it_ends_once_by_what_comes_first(String what, String end, int closings, List<Consumer<ExchangeTest>> steps) {
        steps.forEach(step -> step.accept(this));

        Patience.await("its end", LONG).until(() -> !ends.isEmpty());
        assertThat(ends).containsExactly(end);
        assertThat(exchange.hasEnded()).isTrue();
        assertThat(closed).as("closed connections").hasValue(closings);
    }

    @Test
    void the_bytes_of_an_answer_are_counted() {
        assertThat(exchange.isTooLongWith(Buffer.buffer("123"))).isFalse();
        assertThat(exchange.isTooLongWith(Buffer.buffer("4"))).isFalse();
        assertThat(exchange.isTooLongWith(Buffer.buffer("5"))).isTrue();
    }

    @Test
    void a_request_that_is_let_go_counts_as_sent_and_one_that_counts_as_not_sent_is_never_let_go() throws Exception {
        ExecutorService another = Executors.newSingleThreadExecutor();
        CyclicBarrier both = new CyclicBarrier(2);
        int letGo = 0;
        for (int round = 0; round < 2_000; round++) {
            List<Boolean> told = new CopyOnWriteArrayList<>();
            Exchange<String> raced = new Exchange<>(vertx, 4, (result, sent) -> told.add(sent));
            var sends = another.submit(() -> {
                both.await();
                return raced.send(request, LONG, () -> "late");
            });
            both.await();
            raced.end("given up");

            boolean isLetGo = sends.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(told).containsExactly(isLetGo);
            letGo += isLetGo ? 1 : 0;
        }
        another.shutdown();
        assertThat(closed).as("however it ended, its connection is closed").hasValue(2_000);
        System.getLogger("exchange").log(System.Logger.Level.INFO, "{0} of 2000 were let go", letGo);
    }

    @Test
    void a_connection_that_another_request_uses_is_left_open() throws Exception {
        Promise<HttpServerRequest> next = Promise.promise();
        int port = listen(asked -> {
            if (asked.path().equals("/next")) {
                next.complete(asked);
            } else {
                asked.response().end("whole");
            }
        });
        HttpClient client = Outbound.client(vertx, new HttpClientOptions(), 1);
        get(send(client, port, exchange).compose(HttpClientResponse::body));
        var answered =
                client.request(HttpMethod.GET, port, "localhost", "/next").compose(HttpClientRequest::send);
        HttpServerRequest asked = get(next.future());

        exchange.end("late");

        asked.response().end();
        assertThat(get(answered).statusCode()).isEqualTo(200);
        assertThat(connected).as("connections").hasValue(1);
    }

    @Test
    void whenever_it_ends_the_next_request_has_its_answer() throws Exception {
        int port = listen(asked -> asked.response().end("whole"));
        HttpClient client = Outbound.client(vertx, new HttpClientOptions(), 1);
        for (int round = 0; round < 1_000; round++) {
            Exchange<String> raced = new Exchange<>(vertx, 4, (result, sent) -> {});
            Promise<Void> isSent = Promise.promise();
            vertx.runOnContext(now -> send(client, port, raced).onComplete(any -> isSent.tryComplete()));
            var answered =
                    client.request(HttpMethod.GET, port, "localhost", "/next").compose(HttpClientRequest::send);
            for (long until = System.nanoTime() + round * 1_000L; System.nanoTime() < until; ) {
                Thread.onSpinWait();
            }
            raced.end("left");

            assertThat(get(answered).statusCode()).isEqualTo(200);
            get(isSent.future());
        }
        System.getLogger("exchange").log(System.Logger.Level.INFO, "{0} connections in 1000 rounds", connected);
    }

    private int listen(Handler<HttpServerRequest> handler) throws Exception {
        return get(vertx.createHttpServer()
                        .connectionHandler(connection -> connected.incrementAndGet())
                        .requestHandler(handler)
                        .listen(0, "localhost"))
                .actualPort();
    }

    private static Future<HttpClientResponse> send(HttpClient client, int port, Exchange<String> exchange) {
        return client.request(HttpMethod.GET, port, "localhost", "/")
                .compose(request -> exchange.send(request, LONG, () -> "late")
                        ? request.send()
                        : Future.failedFuture("it has ended"));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
}
