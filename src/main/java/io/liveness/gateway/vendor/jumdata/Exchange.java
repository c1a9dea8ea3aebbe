package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One call to the vendor, from connecting to the last byte. Connecting and answering have separate time limits. Any result becomes a {@link
 * Reply}; it never fails. Any status and content type is accepted: the vendor's document names neither.
 */
@Singleton
class Exchange implements ConfigurationRule {

    private static final String INIT = "/lifecheck/h5/v2-1/init";
    private static final String RESULT = "/lifecheck/h5/v2-1/result";

    /** Trusted authorities are {@code quarkus.tls.jumdata.…}, else {@code quarkus.tls.…}, else Java's default. */
    private static final String TLS = "jumdata";

    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?(/.*)?");

    private static final int ATTEMPTS_TO_CONNECT = 2;
    /** The budget limits calls. Waiting for a free connection would only use up a call's time unnoticed. */
    private static final int CONNECTIONS = 256;
    /** In bytes; the vendor's answers have less than one thousand. More is not read, so that memory is bounded. */
    static final int LARGEST_ANSWER = 64 * 1024;

    private final JumdataConfig config;
    private final Vertx vertx;
    private final Call init;
    private final Call result;
    private final Call finalResult;

    /** Where a call goes, and over which connections. */
    private record Call(HttpClient client, RequestOptions request) {}

    @Inject
    Exchange(JumdataConfig config, Vertx vertx, TlsConfigurationRegistry registry) {
        this(
                config,
                vertx,
                options -> registry.get(TLS)
                        .or(registry::getDefault)
                        .ifPresent(tls -> TlsConfigUtils.configure(options, tls)));
    }

    Exchange(JumdataConfig config, Vertx vertx, Consumer<HttpClientOptions> tls) {
        String initUrl = config.initUrl().orElse(config.url());
        String wrong = Stream.of(whyWrong("jumdata.url", config.url()), whyWrong("jumdata.init-url", initUrl))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(wrong);
        }
        this.config = config;
        this.vertx = vertx;
        // When the vendor has closed an idle kept connection, the call fails only after the request was written. For
        // init it would
        // be unknown whether a fee was taken, and after a final poll the verdict is lost. So each of these takes a new
        // connection; a
        // handshake is cheaper than an unconfirmed fee. Other polls are free and may be repeated.
        HttpClient once = client(tls, false);
        this.init = new Call(once, request(initUrl + INIT));
        this.finalResult = new Call(once, request(initUrl + RESULT));
        this.result = new Call(client(tls, true), request(config.url() + RESULT));
    }

    static Optional<String> whyWrong(String property, String value) {
        if (!WEB_ADDRESS.matcher(value).matches()) {
            return Optional.of(property + " must be the vendor's address https://<host>…");
        }
        return value.startsWith("http:") && !LOOPBACK.matcher(value).matches()
                ? Optional.of(property + " must begin with https:, or with http: and localhost, 127.0.0.1 or [::1]")
                : Optional.empty();
    }

    private HttpClient client(Consumer<HttpClientOptions> tls, boolean keepAlive) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(keepAlive)
                // Frees the socket of an attempt that was given up.
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()));
        tls.accept(options);
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                // Without a handler Vert.x logs each failure, with what the vendor sent.
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
    }

    private static RequestOptions request(String address) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(address.replaceFirst("/+(/lifecheck/)", "$1"))
                // A redirect would be a second request and would send the token to the address in Location.
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.USER_AGENT, "liveness-gateway")
                .putHeader(HttpHeaders.CONTENT_TYPE, HttpHeaders.APPLICATION_X_WWW_FORM_URLENCODED);
    }

    /** @param form is made when its connection is there, and at most once */
    Uni<Reply> init(Supplier<Buffer> form) {
        return send(init, form);
    }

    /** Asks over a kept connection. */
    Uni<Reply> result(Supplier<Buffer> form) {
        return send(result, form);
    }

    /** Asks over a new connection. */
    Uni<Reply> finalResult(Supplier<Buffer> form) {
        return send(finalResult, form);
    }

    /** The longest that a call takes. */
    Duration longest() {
        return config.connectTimeout().multipliedBy(ATTEMPTS_TO_CONNECT).plus(config.timeout());
    }

    /** Attempts again, once, when the request was not sent: that is the one case in which nothing can have arrived. */
    private Uni<Reply> send(Call call, Supplier<Buffer> form) {
        return attempt(call, form)
                .chain(reply -> reply instanceof Reply.NeverConnected
                        ? attempt(call, form)
                        : Uni.createFrom().item(reply));
    }

    private Uni<Reply> attempt(Call call, Supplier<Buffer> form) {
        return Uni.createFrom().emitter(waiting -> {
            Context context = vertx.getOrCreateContext();
            Attempt attempt = new Attempt(call, form, waiting);
            context.runOnContext(now -> attempt.connect());
            waiting.onTermination(() -> {
                if (!attempt.over) {
                    context.runOnContext(cancelled -> attempt.end(new Reply.Lost()));
                }
            });
        });
    }

    /**
     * One attempt at a call, on one Vert.x context. The first of answer, failure and time limits is its reply. {@link #connected} is the one
     * place where a request is let go: an attempt that has ended before has certainly sent nothing.
     */
    private final class Attempt {

        private final Call call;
        private final Supplier<Buffer> form;
        private final UniEmitter<? super Reply> waiting;
        private final Executor caller = CallerContext.capture();
        private final Buffer answer = Buffer.buffer();
        // Not by Mutiny: its timers keep all that waits for them until the time is up, although they are cancelled.
        private long timer;
        private HttpClientRequest request;
        private volatile boolean over;

        private Attempt(Call call, Supplier<Buffer> form, UniEmitter<? super Reply> waiting) {
            this.call = call;
            this.form = form;
            this.waiting = waiting;
        }

        private void connect() {
            timer = vertx.setTimer(config.connectTimeout().toMillis(), late -> end(new Reply.NeverConnected()));
            call.client().request(call.request()).onComplete(this::connected);
        }

        /** The connection is there, TLS included, or will never be. */
        private void connected(AsyncResult<HttpClientRequest> made) {
            if (made.failed()) {
                end(new Reply.NeverConnected());
                return;
            }
            request = made.result();
            request.exceptionHandler(lost -> end(new Reply.Lost()));
            if (over) {
                request.connection().close();
                return;
            }
            Buffer body = form.get();
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(config.timeout().toMillis(), late -> end(new Reply.TimedOut()));
            request.send(body).onSuccess(this::answered).onFailure(lost -> end(new Reply.Lost()));
        }

        private void answered(HttpClientResponse response) {
            response.exceptionHandler(lost -> end(new Reply.Lost()))
                    .handler(this::part)
                    .endHandler(all -> {
                        Reply reply = Reply.Reader.read(answer.getBytes())
                                .<Reply>map(read -> read)
                                .orElseGet(() -> new Reply.Foreign(response.statusCode()));
                        // Its connection may be kept.
                        request = null;
                        end(reply);
                    });
        }

        private void part(Buffer part) {
            if (!over) {
                answer.appendBuffer(part);
                if (answer.length() > LARGEST_ANSWER) {
                    end(new Reply.TooLong());
                }
            }
        }

        private void end(Reply reply) {
            if (over) {
                return;
            }
            over = true;
            vertx.cancelTimer(timer);
            if (request != null) {
                request.connection().close();
            }
            caller.execute(() -> waiting.complete(reply));
        }
    }
}
