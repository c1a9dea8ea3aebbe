package io.liveness.gateway.platform.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.TokenRefusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Reports requests that are answered 401 or 403 to operations: a counter by reason, and a log line with the caller where a token names it.
 * Each reason and caller has a line a minute at most, with the number of requests since the line before.
 */
@Startup // its metrics are there from the start
@Singleton
class AccessRefusals {

    private static final Logger LOG = Logger.getLogger(AccessRefusals.class);
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
    private static final String REFUSED = "liveness.token-refusal";
    private static final int MOST_CALLERS = 1_000;

    private static final Refused NO_TOKEN = new Refused(TokenRefusal.NO_TOKEN, "");

    /** @param caller empty when none is known */
    private record Refused(TokenRefusal reason, String caller) {}

    private record Told(Instant at, long since) {}

    private final Cache<Refused, Told> told =
            Caffeine.newBuilder().maximumSize(MOST_CALLERS).build();
    private final MeterRegistry registry;
    private final Clock clock;

    AccessRefusals(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        // Registered before they count anything, so that an alert sees the first increase.
        for (TokenRefusal reason : TokenRefusal.values()) {
            counter(reason);
        }
    }

    /** Keeps why its token was refused, for {@link #unauthenticated}. */
    static void keep(TokenRefusal reason, Optional<Caller> caller, RoutingContext request) {
        request.put(REFUSED, new Refused(reason, name(caller)));
    }

    private static String name(Optional<Caller> caller) {
        return caller.map(Caller::name).orElse("");
    }

    /** Reports a request that is answered 401. */
    void unauthenticated(RoutingContext request) {
        report(Objects.requireNonNullElse(request.get(REFUSED), NO_TOKEN), request);
    }

    /** Reports a request that is answered 403. */
    void forbidden(RoutingContext request) {
        report(new Refused(TokenRefusal.ROLE, name(Caller.of(request))), request);
    }

    private void report(Refused refused, RoutingContext request) {
        TokenRefusal reason = refused.reason();
        counter(reason).increment();
        told.asMap().compute(refused, (same, before) -> {
            Instant now = clock.instant();
            long count = before == null ? 1 : before.since() + 1;
            if (before != null && now.isBefore(before.at().plus(BETWEEN_LINES))) {
                return new Told(before.at(), count);
            }
            LOG.warnf(
                    "access.refused status=%d reason=%s caller=%s path=%s count=%d",
                    reason.status(),
                    reason.label(),
                    refused.caller(),
                    request.request().path(),
                    count);
            return new Told(now, 0);
        });
    }

    private Counter counter(TokenRefusal reason) {
        return Counter.builder("liveness.access.refused")
                .description("Requests answered 401 or 403")
                .tag("status", Integer.toString(reason.status()))
                .tag("reason", reason.label())
                .register(registry);
    }
}
