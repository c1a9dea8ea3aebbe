package io.liveness.gateway.vendor.jumdata;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

public record TestConfig(
        String appId,
        String appSecret,
        String url,
        int callsPerSecond,
        String actionsSeparator,
        Duration connectTimeout,
        Duration timeout,
        Set<Integer> retryableCodes)
        implements JumdataConfig {

    static final Vertx VERTX = Vertx.vertx();

    /** A vendor that is not there. */
    public static TestConfig of(String appId, String appSecret) {
        return new TestConfig(
                appId,
                appSecret,
                "http://localhost:1",
                10,
                ",",
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Set.of(500, 606, 609));
    }

    TestConfig at(int port) {
        return at("http://localhost:" + port);
    }

    TestConfig at(String address) {
        return new TestConfig(
                appId, appSecret, address, callsPerSecond, actionsSeparator, connectTimeout, timeout, retryableCodes);
    }

    public TestConfig withCallsPerSecond(int calls) {
        return new TestConfig(appId, appSecret, url, calls, actionsSeparator, connectTimeout, timeout, retryableCodes);
    }

    TestConfig withActionsSeparator(String separator) {
        return new TestConfig(
                appId, appSecret, url, callsPerSecond, separator, connectTimeout, timeout, retryableCodes);
    }

    TestConfig withTimeouts(Duration connect, Duration answer) {
        return new TestConfig(appId, appSecret, url, callsPerSecond, actionsSeparator, connect, answer, retryableCodes);
    }

    TestConfig withRetryableCodes(Set<Integer> codes) {
        return new TestConfig(appId, appSecret, url, callsPerSecond, actionsSeparator, connectTimeout, timeout, codes);
    }

    /** The vendor as this configuration has it. */
    Jumdata jumdata() {
        return jumdata(Instant::now, VERTX, options -> {});
    }

    Jumdata jumdata(InstantSource time, Vertx vertx, Consumer<HttpClientOptions> tls) {
        return new Jumdata(
                this,
                time,
                new Exchange(this, vertx, tls),
                new OutcomeMapping(this),
                new CallReport(new SimpleMeterRegistry()));
    }

    @Override
    public Optional<String> initUrl() {
        return Optional.empty();
    }

    @Override
    public String productCode() {
        return "life_check_v2";
    }

    @Override
    public Duration tokenLifetime() {
        return Duration.ofHours(2);
    }
}
