package io.liveness.gateway.sandbox;

import io.smallrye.config.PropertiesConfigSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The sandbox's properties as a test sets them; all others have their defaults. */
public record SandboxSettings(Map<String, String> properties) {

    private static final int BEFORE_ALL_OTHERS = 1_000;

    public static SandboxSettings defaults() {
        return new SandboxSettings(Map.of());
    }

    public SandboxConfig config() {
        return SandboxServer.config(new PropertiesConfigSource(properties, "test", BEFORE_ALL_OTHERS));
    }

    private SandboxSettings with(String name, Object value) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("sandbox." + name, value.toString());
        return new SandboxSettings(all);
    }

    public SandboxSettings withAccount(String appId, String appSecret) {
        return with("app-id", appId).with("app-secret", appSecret);
    }

    public SandboxSettings withTokenLifetime(Duration lifetime) {
        return with("token-lifetime", lifetime);
    }

    public SandboxSettings withLateVerdictAfter(Duration wait) {
        return with("late-verdict-after", wait);
    }

    public SandboxSettings withSlowAnswer(Duration wait) {
        return with("slow-answer", wait);
    }

    public SandboxSettings withCallsPerSecond(int limit) {
        return with("calls-per-second", limit);
    }

    public SandboxSettings withBaseUrl(String url) {
        return with("base-url", url);
    }
}
