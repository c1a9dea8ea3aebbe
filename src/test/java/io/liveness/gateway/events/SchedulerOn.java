package io.liveness.gateway.events;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** With what runs by itself: attempts of deliveries, jobs, and reconciling. */
public class SchedulerOn implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        // No test waits for a timeout: it would hide who waits for whom.
        return Map.of("quarkus.scheduler.enabled", "true", "liveness.webhook.timeout", "1m");
    }
}
