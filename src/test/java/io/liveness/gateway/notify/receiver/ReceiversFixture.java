package io.liveness.gateway.notify.receiver;

import io.liveness.gateway.notify.WebhookConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What {@link Receivers} are made of in tests: names resolve to what the test says, and each look-up is counted. */
final class ReceiversFixture implements Receivers.HostNames {

    /** Longer than a test takes. */
    static final Duration LONG = Duration.ofMinutes(1);

    /** Deliveries of all callers. */
    static final int AT_ONCE = 80;

    /** The wait for what never happens. */
    static final Duration SHORT = Duration.ofMillis(300);

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

    private final Map<String, Future<List<InetAddress>>> names = new ConcurrentHashMap<>();
    private final Map<String, Future<List<InetAddress>>> once = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> allowed = new ArrayList<>();
    private Duration timeout = LONG;
    private Consumer<HttpClientOptions> tls = options -> {};
    private Consumer<RequestOptions> route = request -> {};

    ReceiversFixture allow(String... entries) {
        allowed.addAll(List.of(entries));
        return this;
    }

    ReceiversFixture trust(Consumer<HttpClientOptions> trusting) {
        tls = trusting;
        return this;
    }

    ReceiversFixture through(ProxyOptions proxy) {
        route = request -> request.setProxyOptions(proxy);
        return this;
    }

    ReceiversFixture within(Duration time) {
        timeout = time;
        return this;
    }

    /** A host without addresses is a known name that has none. */
    ReceiversFixture resolve(String host, String... addresses) {
        names.put(host, found(addresses));
        return this;
    }

    /** The first time; then as {@link #resolve} says. */
    ReceiversFixture resolveOnce(String host, String... addresses) {
        once.put(host, found(addresses));
        return this;
    }

    ReceiversFixture neverResolve(String host) {
        names.put(host, Promise.<List<InetAddress>>promise().future());
        return this;
    }

    void forget(String host) {
        names.remove(host);
    }

    private static Future<List<InetAddress>> found(String... addresses) {
        return Future.succeededFuture(
                Stream.of(addresses).map(InetAddressOf::text).toList());
    }

    Receivers receivers(Vertx vertx) {
        WebhookConfig config = new SmallRyeConfigBuilder()
                .withMapping(WebhookConfig.class)
                .withDefaultValue("liveness.webhook.timeout", timeout.toString())
                .withDefaultValue("liveness.webhook.max-concurrent", Integer.toString(AT_ONCE))
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(WebhookConfig.class);
        return new Receivers(vertx, config, new AllowedReceivers(allowed), this, NOON, tls, route);
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public Future<List<InetAddress>> addresses(String host) {
        asked.add(host);
        Future<List<InetAddress>> first = once.remove(host);
        return first != null ? first : names.getOrDefault(host, Future.failedFuture(new UnknownHostException(host)));
    }
}
