package io.liveness.gateway.platform.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Reports refusals by a limit to operations: a counter without names of callers, and a log line with the name, at most one per caller and
 * minute.
 */
@Startup // its metrics are there from the start
@Singleton
public class Refusals {

    private static final Logger LOG = Logger.getLogger(Refusals.class);

    private record Refused(Caller caller, Object reason) {}

    private final Cache<Refused, Boolean> told =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();
    private final MeterRegistry registry;

    public Refusals(MeterRegistry registry) {
        this.registry = registry;
        // Registered before they count anything, so that an alert sees the first increase.
        for (RefusedBy limit : RefusedBy.values()) {
            count(limit, 0);
        }
    }

    /** Counts a refusal of the caller, and tells the log of it. */
    public void report(Caller caller, RefusedBy limit) {
        count(limit, 1);
        if (isNews(caller, limit)) {
            LOG.infof("limits.refused caller=%s limit=%s", caller.name(), limit.label());
        }
    }

    /** Whether the log has had no line of the caller and the reason for a minute: refusals may come by the thousand. */
    public boolean isNews(Caller caller, Object reason) {
        return told.asMap().putIfAbsent(new Refused(caller, reason), true) == null;
    }

    /** Counts a refusal by a limit that no single caller is over; the log has no line of it. */
    public void count(RefusedBy limit) {
        count(limit, 1);
    }

    private void count(RefusedBy limit, int times) {
        Counter.builder("liveness.limits.refused")
                .description("Requests over a limit")
                .tag("limit", limit.label())
                .register(registry)
                .increment(times);
    }
}
