package io.liveness.gateway.sandbox.settings;

import io.liveness.gateway.sandbox.scenario.Scenario;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * How the imitated vendor behaves.
 *
 * @param price of one check in minor units (分), for the statement
 * @param callsPerSecond calls answered in any one second, the rest are answered 609; 0 sets no limit
 * @param baseUrl where browsers reach the sandbox; when empty, the address that init was called at is used
 */
public record SandboxSettings(
        Account account, Timing timing, BigDecimal price, int callsPerSecond, Optional<String> baseUrl) {

    /** What the vendor issues to an integrator (vendor document, 公共请求参数). */
    public record Account(String appId, String appSecret, String productCode) {

        @Override
        public String toString() {
            return "Account[" + appId + "]";
        }
    }

    /**
     * @param tokenLifetime two hours by the vendor's document
     * @param clockTolerance how far a call's timestamp may be off; the document is silent
     * @param lateVerdictAfter when the verdict of {@link Scenario#LATE} arrives, counted from init
     * @param slowAnswer how long {@link Scenario#SLOW} waits with its answer
     * @param holdAnswer how long an answer that never comes is held before the connection is closed
     */
    public record Timing(
            Duration tokenLifetime,
            Duration clockTolerance,
            Duration lateVerdictAfter,
            Duration slowAnswer,
            Duration holdAnswer) {}

    /** The vendor's document where it speaks, moderate values where it does not. */
    public static SandboxSettings defaults() {
        return new SandboxSettings(
                new Account("sandbox-app", "sandbox-secret", "life_check_v2"),
                new Timing(
                        Duration.ofHours(2),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(60)),
                BigDecimal.valueOf(80),
                0,
                Optional.empty());
    }

    public SandboxSettings withAccount(String appId, String appSecret) {
        return new SandboxSettings(
                new Account(appId, appSecret, account.productCode), timing, price, callsPerSecond, baseUrl);
    }

    public SandboxSettings withTokenLifetime(Duration lifetime) {
        return with(new Timing(
                lifetime, timing.clockTolerance, timing.lateVerdictAfter, timing.slowAnswer, timing.holdAnswer));
    }

    public SandboxSettings withLateVerdictAfter(Duration wait) {
        return with(
                new Timing(timing.tokenLifetime, timing.clockTolerance, wait, timing.slowAnswer, timing.holdAnswer));
    }

    public SandboxSettings withSlowAnswer(Duration wait) {
        return with(new Timing(
                timing.tokenLifetime, timing.clockTolerance, timing.lateVerdictAfter, wait, timing.holdAnswer));
    }

    public SandboxSettings withCallsPerSecond(int limit) {
        return new SandboxSettings(account, timing, price, limit, baseUrl);
    }

    public SandboxSettings withBaseUrl(String url) {
        return new SandboxSettings(account, timing, price, callsPerSecond, Optional.of(url));
    }

    private SandboxSettings with(Timing changed) {
        return new SandboxSettings(account, changed, price, callsPerSecond, baseUrl);
    }
}
