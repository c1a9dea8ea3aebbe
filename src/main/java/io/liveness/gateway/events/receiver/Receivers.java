package io.liveness.gateway.events.receiver;

import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.platform.NameLookUps;
import io.quarkus.runtime.Startup;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Posts webhooks to receivers that are allowed. */
@Startup // a trust store that cannot be read must stop the start, not the first webhook
@Singleton
public class Receivers {

    /** Trusted authorities are {@code quarkus.tls.webhook.…}, else {@code quarkus.tls.…}, else Java's default. */
    private static final String TLS = "webhook";

    /** Shorter than the time after which servers close an idle connection (5 s is common); they may say a longer one. */
    private static final int KEEP_ALIVE_SECONDS = 3;

    private final HttpClient client;
    private final PostAttempt.Means means;

    /** Resolves names of hosts. */
    interface HostNames {

        /** All addresses of a host, preferred ones first. Completes on the caller's Vert.x context; fails when there are none. */
        Future<List<InetAddress>> addresses(String host);
    }

    /** By Java's resolver: the API of Vert.x gives one address of a host only. */
    private static HostNames byJava() {
        NameLookUps lookUps = new NameLookUps(InetAddress::getAllByName);
        return host -> Future.fromCompletionStage(lookUps.addresses(host), Vertx.currentContext());
    }

    @Inject
    Receivers(
            Vertx vertx,
            WebhookConfig config,
            AllowedReceivers allowed,
            Clock clock,
            TlsConfigurationRegistry registry) {
        this(
                vertx,
                config,
                allowed,
                byJava(),
                clock,
                options -> registry.get(TLS)
                        .or(registry::getDefault)
                        .ifPresent(tls -> TlsConfigUtils.configure(options, tls)));
    }

    Receivers(
            Vertx vertx,
            WebhookConfig config,
            AllowedReceivers allowed,
            HostNames names,
            Clock clock,
            Consumer<HttpClientOptions> tls) {
        int millis = Math.toIntExact(config.timeout().toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(millis)
                .setSslHandshakeTimeout(millis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                // Receivers are told nothing of the gateway's traces.
                .setTracingPolicy(TracingPolicy.IGNORE);
        tls.accept(options);
        this.client = vertx.httpClientBuilder()
                .with(options)
                // All deliveries may be at one host: none waits there for the connection of another.
                .with(new PoolOptions().setHttp1MaxSize(config.maxConcurrent()))
                // Without a handler Vert.x logs each failure, with what the receiver sent.
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
        this.means = new PostAttempt.Means(vertx, client, names, allowed, config.timeout(), clock);
    }

    /**
     * Posts a body once. Whatever happens is the item, at most {@code liveness.webhook.timeout} after the subscription.
     *
     * @param headers in addition to {@code User-Agent} and {@code Content-Type: application/json}
     */
    public Uni<Answer> post(ReceiverUrl url, Map<String, String> headers, Buffer body) {
        RequestOptions options = options(url, headers);
        return Uni.createFrom().emitter(waiting -> {
            Context context = means.vertx().getOrCreateContext();
            PostAttempt attempt = new PostAttempt(means, url, options, body, waiting::complete);
            context.runOnContext(now -> attempt.start());
            // After the end this changes nothing.
            waiting.onTermination(() -> context.runOnContext(cancelled -> attempt.abandon()));
        });
    }

    private static RequestOptions options(ReceiverUrl url, Map<String, String> headers) {
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
     * @param retryAfter how long the receiver wants not to be called
     * @param took from the beginning to the end of the answer, or to the error
     */
    public record Answer(OptionalInt httpStatus, Optional<String> error, Optional<Duration> retryAfter, Duration took) {

        static Answer of(int status, Optional<Duration> retryAfter, Duration took) {
            return new Answer(OptionalInt.of(status), Optional.empty(), retryAfter, took);
        }

        static Answer failed(String error, Duration took) {
            return new Answer(OptionalInt.empty(), Optional.of(error), Optional.empty(), took);
        }
    }
}
