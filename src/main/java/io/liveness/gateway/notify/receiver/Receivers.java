package io.liveness.gateway.notify.receiver;

import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.platform.NameLookUps;
import io.liveness.gateway.platform.http.Exchange;
import io.liveness.gateway.platform.http.Outbound;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DateFormatter;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigInteger;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Posts webhooks to receivers that are allowed. */
@Startup // a trust store that cannot be read must stop the start, not the first webhook
@Singleton
public class Receivers {

    private static final String UNKNOWN_NAME =
            "must have a name that resolves; with verify=false in the query it may resolve later";
    private static final String ADDRESS_NOT_ALLOWED =
            "must have a name that resolves to addresses which the operator of the gateway allows; with verify=false in the query it may do so later";

    /** Names of new receivers that are looked up at once: each takes a thread, for long while its name server is silent. */
    private static final int MOST_VERIFIED = 16;

    private static final int MOST_VERIFIED_OF_A_CALLER = 4;

    /** Shorter than the time after which servers close an idle connection (5 s is common); they may say a longer one. */
    private static final int KEEP_ALIVE_SECONDS = 3;

    private final Vertx vertx;
    private final HttpClient client;
    private final HostNames names;
    private final AllowedReceivers allowed;
    private final Duration timeout;
    private final Clock clock;
    private final Consumer<RequestOptions> route;
    private final Bulkhead verified = new Bulkhead(MOST_VERIFIED, MOST_VERIFIED_OF_A_CALLER);

    /** Resolves names of hosts. */
    interface HostNames {

        /** All addresses of a host, preferred ones first. Completes on the caller's Vert.x context; fails when there are none. */
        Future<List<InetAddress>> addresses(String host);
    }

    /** The names are looked up by Java's resolver: the API of Vert.x gives one address of a host only. */
    private static HostNames byJava() {
        NameLookUps lookUps = new NameLookUps(InetAddress::getAllByName);
        return host -> Future.fromCompletionStage(lookUps.addresses(host), Vertx.currentContext());
    }

    @Inject
    Receivers(Vertx vertx, WebhookConfig config, AllowedReceivers allowed, Clock clock, Outbound outbound) {
        this(vertx, config, allowed, byJava(), clock, options -> outbound.trust("webhook", options), outbound::route);
    }

    Receivers(
            Vertx vertx,
            WebhookConfig config,
            AllowedReceivers allowed,
            HostNames names,
            Clock clock,
            Consumer<HttpClientOptions> tls,
            Consumer<RequestOptions> route) {
        this.vertx = vertx;
        this.names = names;
        this.allowed = allowed;
        this.timeout = config.timeout();
        this.clock = clock;
        this.route = route;
        int millis = Math.toIntExact(timeout.toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(millis)
                .setSslHandshakeTimeout(millis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                // Receivers are told nothing of the gateway's traces.
                .setTracingPolicy(TracingPolicy.IGNORE);
        tls.accept(options);
        // All deliveries may be at one host: none waits there for the connection of another.
        this.client = Outbound.client(vertx, options, config.maxConcurrent());
    }

    /**
     * Why an owner may not have a receiver there, as the rule that the field {@code url} breaks; empty when it may.
     *
     * @param mustResolve whether its name must have addresses that are allowed, found as a delivery finds them
     * @param caller who asks
     */
    public Uni<Optional<String>> whyRefused(String url, boolean mustResolve, Caller caller) {
        Optional<String> refused = allowed.whyRefused(url);
        return refused.isPresent() || !mustResolve
                ? Uni.createFrom().item(refused)
                : resolved(ReceiverUrl.parse(url).orElseThrow(), caller);
    }

    private Uni<Optional<String>> resolved(ReceiverUrl url, Caller caller) {
        return Uni.createFrom()
                .emitter(waiting -> vertx.getOrCreateContext().runOnContext(now -> {
                    if (verified.take(caller).isPresent()) {
                        waiting.fail(new ProblemException(
                                        ProblemCode.BUSY,
                                        "Too many names of webhook endpoints are looked up now. Try again.")
                                .retryAfter(timeout));
                        return;
                    }
                    addresses(url)
                            .onComplete(ended -> verified.leave(caller))
                            .map(found ->
                                    Optional.of(ADDRESS_NOT_ALLOWED).filter(refused -> !allowed.allows(url, found)))
                            .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                            .otherwise(Optional.of(UNKNOWN_NAME))
                            .onSuccess(waiting::complete);
                }));
    }

    private Future<List<InetAddress>> addresses(ReceiverUrl url) {
        return url.literal()
                .map(literal -> Future.succeededFuture(List.of(literal)))
                .orElseGet(() -> names.addresses(url.host()));
    }

    /**
     * Posts a body once. Whatever happens is the item, at most {@code liveness.webhook.timeout} after the subscription.
     *
     * @param headers in addition to {@code User-Agent} and {@code Content-Type: application/json}
     */
    public Uni<ReceiverAnswer> post(ReceiverUrl url, Map<String, String> headers, Buffer body) {
        RequestOptions options = options(url, headers);
        return Uni.createFrom().emitter(waiting -> {
            WebhookAttempt attempt = new WebhookAttempt(url, options, body, waiting);
            vertx.getOrCreateContext().runOnContext(now -> attempt.start());
        });
    }

    private RequestOptions options(ReceiverUrl url, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(url.tls())
                .setHost(url.host())
                .setPort(url.port())
                .setURI(url.target())
                .setFollowRedirects(false)
                .putHeader("User-Agent", "liveness-gateway")
                .putHeader("Content-Type", "application/json");
        headers.forEach(options::putHeader);
        route.accept(options);
        return options;
    }

    @PreDestroy
    void close() {
        client.close();
    }

    /**
     * How an attempt ended: with an HTTP status, or with an error before there was one.
     *
     * @param httpStatus any of HTTP's; redirects are not followed
     * @param error a stable text in plain words, without addresses and without anything that the receiver sent
     * @param text how the body of the answer begins, see {@link AnswerText}; for the endpoint's owner alone
     * @param retryAfter how long the receiver wants not to be called
     * @param took from the beginning to the end of the answer, or to the error
     */
    public record ReceiverAnswer(
            OptionalInt httpStatus,
            Optional<String> error,
            Optional<String> text,
            Optional<Duration> retryAfter,
            Duration took) {

        static ReceiverAnswer of(int status, Optional<String> text, Optional<Duration> retryAfter, Duration took) {
            return new ReceiverAnswer(OptionalInt.of(status), Optional.empty(), text, retryAfter, took);
        }

        static ReceiverAnswer failed(String error, Duration took) {
            return new ReceiverAnswer(
                    OptionalInt.empty(), Optional.of(error), Optional.empty(), Optional.empty(), took);
        }

        /** The description leaves out the text. */
        @Override
        public String toString() {
            return "ReceiverAnswer[" + httpStatus + " " + error + "]";
        }
    }

    /** The first 2 KB of an answer's body as text, whatever else comes. Code points that are cut are left out. */
    static final class AnswerText {

        private static final int MOST_BYTES = 2048;
        private static final String NO_TEXT = "(not UTF-8 text)";

        private final Buffer head = Buffer.buffer();

        void add(Buffer part) {
            head.appendBuffer(part, 0, Math.min(part.length(), MOST_BYTES - head.length()));
        }

        /** Empty when nothing came; a note in its place when it is no text. */
        Optional<String> read() {
            if (head.length() == 0) {
                return Optional.empty();
            }
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            CharBuffer text = CharBuffer.allocate(MOST_BYTES);
            // What is not ended may have been cut here, or by the time.
            boolean broken = decoder.decode(ByteBuffer.wrap(head.getBytes()), text, false)
                    .isError();
            String read = text.flip().toString();
            return Optional.of(
                    broken || read.isEmpty() || read.chars().anyMatch(AnswerText::isBinary) ? NO_TEXT : read);
        }

        private static boolean isBinary(int character) {
            return Character.isISOControl(character) && !Character.isWhitespace(character);
        }
    }

    /**
     * One attempt, from resolving the name to the status of the answer. It connects to the IP addresses that it has checked, not to the
     * name: a second look-up might give others. It runs on one Vert.x context.
     */
    final class WebhookAttempt {

        private static final int MOST_BYTES = 4096;
        private static final int MOST_ADDRESSES = 3;

        /** A number of seconds in {@code Retry-After} (RFC 9110, 10.2.3), which may be a date instead. */
        private static final Pattern SECONDS = Pattern.compile("\\d+");

        private static final Duration MOST_ASKED = Duration.ofDays(1);
        private static final int LONGEST_DATE = 64;

        /** How long the rest of an answer may take when its status is known, so that the connection can be used again. */
        private static final Duration REST = Duration.ofMillis(100);

        /** How long the rest of an answer may take whose status is a refusal: its text says what is wrong. */
        private static final Duration REST_OF_A_REFUSAL = Duration.ofSeconds(1);

        private final ReceiverUrl url;
        private final RequestOptions options;
        private final Buffer body;
        private final Exchange<ReceiverAnswer> exchange;
        private final Queue<InetAddress> addresses = new ArrayDeque<>();
        private HttpClientResponse answer;
        private final AnswerText text = new AnswerText();

        private WebhookAttempt(
                ReceiverUrl url, RequestOptions options, Buffer body, UniEmitter<? super ReceiverAnswer> waiting) {
            this.url = url;
            this.options = options;
            this.body = body;
            this.exchange = new Exchange<>(vertx, MOST_BYTES, (answer, sent) -> waiting.complete(answer));
        }

        void start() {
            exchange.within(timeout, () -> failed(Failure.NAME));
            if (!allowed.mayAllow(url)) {
                fail(Failure.ADDRESS);
                return;
            }
            addresses(url).onSuccess(this::resolved).onFailure(unknown -> fail(Failure.NAME));
        }

        private void resolved(List<InetAddress> all) {
            if (!allowed.allows(url, all)) {
                fail(Failure.ADDRESS);
                return;
            }
            exchange.within(left(), () -> failed(Failure.noConnection(timeout)));
            all.stream().limit(MOST_ADDRESSES).forEach(addresses::add);
            connect();
        }

        private void connect() {
            if (exchange.hasEnded()) {
                return;
            }
            // A silent address leaves time for the next one.
            long millis = Math.max(1, left().toMillis() / addresses.size());
            InetAddress address = addresses.remove();
            RequestOptions toAddress = new RequestOptions(options)
                    .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, url.port())))
                    .setConnectTimeout(millis);
            Future.succeededFuture()
                    .compose(now -> client.request(toAddress))
                    .onSuccess(this::connected)
                    .onFailure(this::notConnected);
        }

        private void notConnected(Throwable failure) {
            if (addresses.isEmpty()) {
                fail(Failure.ofConnecting(failure, timeout));
            } else {
                connect();
            }
        }

        private void connected(HttpClientRequest request) {
            if (exchange.send(request, left(), () -> failed(Failure.noAnswer(timeout)))) {
                request.send(body).onSuccess(this::answered).onFailure(lost -> fail(Failure.ofAnswer(lost)));
            }
        }

        private void answered(HttpClientResponse answered) {
            answer = answered;
            Duration rest = answer.statusCode() / 100 == 2 ? REST : REST_OF_A_REFUSAL;
            exchange.within(Collections.min(List.of(rest, left())), this::withStatus);
            answer.exceptionHandler(lost -> exchange.end(withStatus()));
            answer.handler(this::part);
            // The library takes another status of the range 1xx for the answer, whose connection goes on with the real
            // one.
            answer.endHandler(all -> exchange.end(withStatus(), answer.statusCode() >= 200));
        }

        private void part(Buffer part) {
            text.add(part);
            if (exchange.isTooLongWith(part)) {
                exchange.end(withStatus());
            }
        }

        private ReceiverAnswer withStatus() {
            Optional<Duration> retryAfter = retryAfter(answer.getHeader("Retry-After"), clock.instant());
            return ReceiverAnswer.of(answer.statusCode(), text.read(), retryAfter, exchange.took());
        }

        /** @return a day at most; empty when there is none, it cannot be read, or it has passed */
        static Optional<Duration> retryAfter(String header, Instant now) {
            return Optional.ofNullable(header)
                    .map(String::strip)
                    .flatMap(text -> SECONDS.matcher(text).matches()
                            ? Optional.of(Duration.ofSeconds(new BigInteger(text)
                                    .min(BigInteger.valueOf(MOST_ASKED.toSeconds()))
                                    .longValue()))
                            : Optional.ofNullable(isDate(text) ? DateFormatter.parseHttpDate(text) : null)
                                    .map(date -> Duration.between(now, date.toInstant())))
                    .filter(time -> !time.isNegative() && !time.isZero())
                    .map(time -> time.compareTo(MOST_ASKED) > 0 ? MOST_ASKED : time);
        }

        /** The parser throws at a text that is longer than any date. */
        private static boolean isDate(String text) {
            return !text.isEmpty() && text.length() <= LONGEST_DATE;
        }

        private void fail(String error) {
            exchange.end(failed(error));
        }

        private ReceiverAnswer failed(String error) {
            return ReceiverAnswer.failed(error, exchange.took());
        }

        private Duration left() {
            return timeout.minus(exchange.took());
        }
    }

    /** Why an attempt had no answer, as owners read it: no message of a library, which may hold addresses. */
    private static final class Failure {

        static final String NAME = "name cannot be resolved";
        static final String ADDRESS = "address is not allowed";

        private static final String LOST = "connection lost";
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
