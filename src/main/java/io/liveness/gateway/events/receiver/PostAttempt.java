package io.liveness.gateway.events.receiver;

import io.liveness.gateway.events.receiver.Receivers.Answer;
import io.liveness.gateway.events.receiver.Receivers.HostNames;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DateFormatter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * One attempt, from resolving the name to the status of the answer. It connects to the IP addresses that it has checked, not to the name: a
 * second look-up might give others. It runs on one Vert.x context.
 */
final class PostAttempt {

    private static final int MOST_BYTES = 4096;
    private static final int MOST_ADDRESSES = 3;

    /** Of {@code Retry-After} (RFC 9110, 10.2.3), which may be a date too. */
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    /** How long the rest of an answer may take when its status is known: then its connection can be used again. */
    private static final long REST_MILLIS = 100;

    /** What all attempts have in common. */
    record Means(
            Vertx vertx, HttpClient client, HostNames names, AllowedReceivers allowed, Duration timeout, Clock clock) {}

    private final Means means;
    private final ReceiverUrl url;
    private final RequestOptions options;
    private final Buffer body;
    private final Consumer<Answer> whenEnded;

    private final long began = System.nanoTime();
    private final Queue<InetAddress> addresses = new ArrayDeque<>();
    private String tooLate;
    private HttpClientRequest request;
    private HttpClientResponse answer;
    private long timer;
    private int bytes;
    private boolean ended;

    /** @param whenEnded told once, however it ends */
    PostAttempt(Means means, ReceiverUrl url, RequestOptions options, Buffer body, Consumer<Answer> whenEnded) {
        this.means = means;
        this.url = url;
        this.options = options;
        this.body = body;
        this.whenEnded = whenEnded;
        this.tooLate = Failure.NAME;
    }

    void start() {
        timer = means.vertx().setTimer(means.timeout().toMillis(), late -> fail(tooLate));
        if (!means.allowed().mayAllow(url)) {
            fail(Failure.ADDRESS);
            return;
        }
        Optional<InetAddress> literal = url.literal();
        Future<List<InetAddress>> found = literal.isPresent()
                ? Future.succeededFuture(List.of(literal.get()))
                : means.names().addresses(url.host());
        found.onSuccess(this::resolved).onFailure(unknown -> fail(Failure.NAME));
    }

    private void resolved(List<InetAddress> all) {
        if (!means.allowed().allows(url, all)) {
            fail(Failure.ADDRESS);
            return;
        }
        tooLate = Failure.noConnection(means.timeout());
        all.stream().limit(MOST_ADDRESSES).forEach(addresses::add);
        connect();
    }

    private void connect() {
        if (ended) {
            return;
        }
        int left = addresses.size();
        InetAddress address = addresses.remove();
        // A silent address leaves time for the next one.
        long millis = Math.max(1, means.timeout().minus(took()).toMillis() / left);
        RequestOptions toAddress = new RequestOptions(options)
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, url.port())))
                .setConnectTimeout(millis);
        Future.succeededFuture()
                .compose(now -> means.client().request(toAddress))
                .onSuccess(this::connected)
                .onFailure(this::notConnected);
    }

    private void notConnected(Throwable failure) {
        if (addresses.isEmpty()) {
            fail(Failure.ofConnecting(failure, means.timeout()));
        } else {
            connect();
        }
    }

    private void connected(HttpClientRequest connected) {
        request = connected;
        if (ended) {
            drop();
            return;
        }
        tooLate = Failure.noAnswer(means.timeout());
        // Without a handler it is logged with whatever its message holds.
        request.exceptionHandler(lost -> fail(Failure.ofAnswer(lost)));
        request.send(body).onSuccess(this::answered).onFailure(lost -> fail(Failure.ofAnswer(lost)));
    }

    private void answered(HttpClientResponse answered) {
        if (ended) {
            return;
        }
        answer = answered;
        means.vertx().cancelTimer(timer);
        timer = means.vertx().setTimer(REST_MILLIS, late -> endWithStatus(false));
        answer.exceptionHandler(lost -> endWithStatus(false));
        answer.handler(this::part);
        answer.endHandler(all -> endWithStatus(true));
    }

    private void part(Buffer part) {
        bytes += part.length();
        if (bytes > MOST_BYTES) {
            endWithStatus(false);
        }
    }

    /** The caller wants no answer any more. */
    void abandon() {
        fail(Failure.LOST);
    }

    private void endWithStatus(boolean whole) {
        Optional<Duration> retryAfter =
                retryAfter(answer.getHeader("Retry-After"), means.clock().instant());
        end(Answer.of(answer.statusCode(), retryAfter, took()), whole);
    }

    /** @return empty when there is none, it cannot be read, has passed, or is more than a day away, longer than a receiver can mean it */
    static Optional<Duration> retryAfter(String header, Instant now) {
        return Optional.ofNullable(header)
                .map(String::strip)
                .flatMap(text -> SECONDS.matcher(text).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : Optional.ofNullable(text.isEmpty() ? null : DateFormatter.parseHttpDate(text))
                                .map(date -> Duration.between(now, date.toInstant())))
                .filter(time -> !time.isNegative() && !time.isZero() && time.compareTo(Duration.ofDays(1)) <= 0);
    }

    private void fail(String error) {
        end(Answer.failed(error, took()), false);
    }

    private void end(Answer result, boolean keepConnection) {
        if (ended) {
            return;
        }
        ended = true;
        means.vertx().cancelTimer(timer);
        if (!keepConnection) {
            drop();
        }
        whenEnded.accept(result);
    }

    private void drop() {
        if (request != null) {
            request.reset();
            request.connection().close();
        }
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Why an attempt had no answer, as owners read it: no message of a library, which may hold addresses. */
    static final class Failure {

        static final String NAME = "name cannot be resolved";
        static final String ADDRESS = "address is not allowed";
        static final String LOST = "connection lost";

        private static final String REFUSED = "connection refused";
        private static final String TLS = "TLS handshake failed";
        private static final String UNREACHABLE = "host cannot be reached";
        private static final String NOT_HTTP = "answer is not HTTP";

        private static final int DEEPEST_CAUSE = 10;

        private Failure() {}

        static String noConnection(Duration timeout) {
            return "no connection within " + inWords(timeout);
        }

        static String noAnswer(Duration timeout) {
            return "no answer within " + inWords(timeout);
        }

        /** Why there is no connection. */
        static String ofConnecting(Throwable failure, Duration timeout) {
            if (cause(failure, SSLException.class).isPresent()) {
                return TLS;
            }
            if (cause(failure, TimeoutException.class).isPresent()
                    || cause(failure, ConnectTimeoutException.class).isPresent()) {
                return noConnection(timeout);
            }
            return cause(failure, ConnectException.class).isPresent() ? REFUSED : UNREACHABLE;
        }

        /** Why there is no head of an answer, after the connection was made. */
        static String ofAnswer(Throwable failure) {
            return failure instanceof IOException || failure instanceof VertxException ? LOST : NOT_HTTP;
        }

        private static Optional<Throwable> cause(Throwable failure, Class<? extends Throwable> type) {
            return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                    .limit(DEEPEST_CAUSE)
                    .filter(type::isInstance)
                    .findFirst();
        }

        private static String inWords(Duration time) {
            return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
        }
    }
}
