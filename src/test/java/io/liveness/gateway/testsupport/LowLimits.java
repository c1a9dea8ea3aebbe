package io.liveness.gateway.testsupport;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway that holds its callers to limits, and whose price is finer than a minor unit. */
public final class LowLimits implements QuarkusTestProfile {

    public static final int REQUESTS_PER_SECOND = 60;
    public static final int RETURNING = 2;
    public static final int OPEN_SESSIONS = 3;
    public static final String COST_CENTRE = "marketing-eu";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // Many at once are slow on a small machine, and an answer that is late ends a session otherwise.
                "jumdata.timeout",
                "5s",
                "liveness.billing.prices",
                "2020-01-01=0.805 CNY",
                "liveness.session.cost-centres",
                "finance," + COST_CENTRE,
                "liveness.waiters.max",
                "3",
                "liveness.waiters.max-per-caller",
                "2",
                "liveness.return-hop.max-concurrent",
                Integer.toString(RETURNING),
                "liveness.exports.max-duration",
                "3s",
                "liveness.limits.requests-per-second",
                Integer.toString(REQUESTS_PER_SECOND),
                "liveness.limits.open-sessions",
                Integer.toString(OPEN_SESSIONS));
    }
}
