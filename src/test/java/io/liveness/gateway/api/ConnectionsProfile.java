package io.liveness.gateway.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway with few connections and a short idle time. */
public final class ConnectionsProfile implements QuarkusTestProfile {

    static final int CONNECTIONS = 20;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // The tests' own client is to be more patient than the server.
                "quarkus.http.test-timeout",
                "90s",
                "quarkus.http.idle-timeout",
                "31s",
                "quarkus.http.limits.max-connections",
                Integer.toString(CONNECTIONS));
    }
}
