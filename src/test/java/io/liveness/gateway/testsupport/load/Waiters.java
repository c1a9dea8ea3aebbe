package io.liveness.gateway.testsupport.load;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Internal services that wait for verdicts: each with a separate connection, all on a few threads. */
public final class Waiters implements AutoCloseable {

    /** The longest there is. */
    public static final Duration WAIT = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http;
    private final String accessToken;

    /**
     * What a waiter was told.
     *
     * @param asked before the request was sent
     * @param answered when all of the answer was there
     * @param session the body
     */
    public record Answer(Instant asked, Instant answered, int httpStatus, JsonObject session) {

        public boolean isPassed() {
            return httpStatus == 200 && session.getString("status").equals("PASSED");
        }

        /** An answer whose time was up comes later than this, because the time began after the question. */
        public boolean isBeforeItsTime() {
            return answered.isBefore(asked.plus(WAIT));
        }

        /** The time since the gateway began to settle the session. */
        Duration sinceSettled() {
            return Duration.between(Instant.parse(session.getString("updatedAt")), answered);
        }

        public static String describeDelays(List<Answer> answers) {
            List<Long> millis = answers.stream()
                    .map(answer -> answer.sinceSettled().toMillis())
                    .sorted()
                    .toList();
            return "median %d ms, 99 of 100 %d ms, last %d ms"
                    .formatted(
                            millis.get(millis.size() / 2),
                            millis.get(millis.size() * 99 / 100),
                            millis.get(millis.size() - 1));
        }
    }

    /** @param atEachGateway how many can wait there at once */
    public Waiters(String accessToken, int atEachGateway) {
        this.accessToken = accessToken;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) WAIT.toMillis()),
                new PoolOptions().setHttp1MaxSize(atEachGateway));
    }

    /** The turns go round the sessions, and are the waiters' places. */
    public List<CompletableFuture<Answer>> waitAt(String gateway, List<String> sessions, int count) {
        return IntStream.range(0, count)
                .mapToObj(turn -> waitFor(gateway, sessions.get(turn % sessions.size())))
                .toList();
    }

    public CompletableFuture<Answer> waitFor(String gateway, String session) {
        Instant asked = Instant.now();
        return http.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(
                                gateway + "/v1/liveness-sessions/" + session + "?waitSeconds=" + WAIT.toSeconds())
                        .putHeader("Authorization", "Bearer " + accessToken))
                .compose(request -> request.send())
                .compose(response -> response.body()
                        .map(body -> new Answer(asked, Instant.now(), response.statusCode(), body.toJsonObject())))
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Closes every connection, also with a waiting read. */
    @Override
    public void close() {
        http.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
