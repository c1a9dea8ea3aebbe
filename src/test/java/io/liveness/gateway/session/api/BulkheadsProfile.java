package io.liveness.gateway.session.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway with few places. */
public final class BulkheadsProfile implements QuarkusTestProfile {

    static final int RETURNING = 2;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "liveness.waiters.max", "3",
                "liveness.waiters.max-per-caller", "2",
                "liveness.return-hop.max-concurrent", Integer.toString(RETURNING));
    }
}
