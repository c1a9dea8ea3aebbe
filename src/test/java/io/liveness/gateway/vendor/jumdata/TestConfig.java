package io.liveness.gateway.vendor.jumdata;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

public record TestConfig(
        String appId,
        String appSecret,
        int callsPerSecond,
        String actionsSeparator,
        Duration connectTimeout,
        Duration timeout,
        Set<Integer> retryableCodes,
        Optional<Set<Integer>> noFeeCodes)
        implements JumdataConfig {

    public static TestConfig of(String appId, String appSecret) {
        return new TestConfig(
                appId,
                appSecret,
                10,
                ",",
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Set.of(500, 606, 609),
                Optional.empty());
    }

    public TestConfig withCallsPerSecond(int calls) {
        return new TestConfig(
                appId, appSecret, calls, actionsSeparator, connectTimeout, timeout, retryableCodes, noFeeCodes);
    }

    TestConfig withActionsSeparator(String separator) {
        return new TestConfig(
                appId, appSecret, callsPerSecond, separator, connectTimeout, timeout, retryableCodes, noFeeCodes);
    }

    private static final Vertx TIMERS = Vertx.vertx();

    TestConfig withTimeouts(Duration connect, Duration answer) {
        return new TestConfig(
                appId, appSecret, callsPerSecond, actionsSeparator, connect, answer, retryableCodes, noFeeCodes);
    }

    TestConfig withRetryableCodes(Set<Integer> codes) {
        return new TestConfig(
                appId, appSecret, callsPerSecond, actionsSeparator, connectTimeout, timeout, codes, noFeeCodes);
    }

    TestConfig withNoFeeCodes(Set<Integer> codes) {
        return new TestConfig(
                appId,
                appSecret,
                callsPerSecond,
                actionsSeparator,
                connectTimeout,
                timeout,
                retryableCodes,
                Optional.of(codes));
    }

    /** The vendor as this configuration has it, over these clients. */
    Jumdata jumdata(Jumdata.Fresh fresh, Jumdata.Kept kept) {
        return jumdata(fresh, kept, Instant::now);
    }

    Jumdata jumdata(Jumdata.Fresh fresh, Jumdata.Kept kept, InstantSource time) {
        return new Jumdata(
                this,
                time,
                fresh,
                kept,
                new VendorCall(this, TIMERS),
                new OutcomeMapping(this),
                new CallReport(new SimpleMeterRegistry()));
    }

    @Override
    public Duration tokenLifetime() {
        return Duration.ofHours(2);
    }
}
