package io.liveness.gateway.session.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway that holds its callers to limits. */
public final class LimitsProfile implements QuarkusTestProfile {

    static final int REQUESTS_PER_SECOND = 60;
    public static final int OPEN_SESSIONS = 3;
    public static final String COST_CENTRE = "marketing-eu";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // Many at once are slow on a small machine, and an answer that is late ends a session otherwise.
                "jumdata.timeout",
                "5s",
                "liveness.session.cost-centres",
                "finance," + COST_CENTRE,
                "liveness.limits.requests-per-second",
                Integer.toString(REQUESTS_PER_SECOND),
                "liveness.limits.open-sessions",
                Integer.toString(OPEN_SESSIONS));
    }
}
