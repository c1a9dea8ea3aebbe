package io.liveness.gateway.jumdata;

import java.time.Duration;

record TestConfig(
        String appId,
        String appSecret,
        String productCode,
        Duration tokenLifetime,
        int callsPerSecond,
        String actionsSeparator,
        Duration timeout)
        implements JumdataConfig {

    static TestConfig of(String appId, String appSecret) {
        return new TestConfig(appId, appSecret, "life_check_v2", Duration.ofHours(2), 10, ",", Duration.ofSeconds(10));
    }

    TestConfig withCallsPerSecond(int calls) {
        return new TestConfig(appId, appSecret, productCode, tokenLifetime, calls, actionsSeparator, timeout);
    }

    TestConfig withActionsSeparator(String separator) {
        return new TestConfig(appId, appSecret, productCode, tokenLifetime, callsPerSecond, separator, timeout);
    }

    TestConfig withTimeout(Duration longest) {
        return new TestConfig(appId, appSecret, productCode, tokenLifetime, callsPerSecond, actionsSeparator, longest);
    }
}
