package io.liveness.gateway.platform.tracing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Spans are made but not exported; the return hop is on. */
public final class TracingOn implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.otel.sdk.disabled", "false",
                "quarkus.otel.traces.exporter", "none",
                "liveness.return-hop.base-url", "http://localhost:${quarkus.http.test-port}/");
    }
}
