package io.liveness.gateway.platform.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.liveness.gateway.platform.problem.RateLimitFields;
import io.liveness.gateway.platform.security.Caller;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.ConfigMapping;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Holds each caller to its requests per second, before anything is done for the request. Everything under {@code /v1/} that
 * has a caller counts, once each, also what is refused or does not exist.
 */
@ApplicationScoped
class RequestLimit {

    /** Limits of a caller. */
    @ConfigMapping(prefix = "liveness.limits")
    interface RequestLimits {

        /** Requests of each caller under {@code /v1/}, at each replica, with one second's burst. */
        @Min(value = 1, message = "liveness.limits.requests-per-second must be at least 1")
        @Max(value = 1_000_000, message = "liveness.limits.requests-per-second must be at most 1000000")
        OptionalInt requestsPerSecond();
    }

    private static final String NAME = "requests";
    private static final String API = "/v1/";
    // Quarkus authenticates at 200 and authorizes at 100.
    private static final int AFTER_AUTHORIZATION = 10;

    private final OptionalInt perSecond;
    private final Clock clock;
    private final Refusals refusals;
    private final ProblemWriter writer;

    RequestLimit(RequestLimits config, Clock clock, Refusals refusals, ProblemWriter writer) {
        this.perSecond = config.requestsPerSecond();
        this.clock = clock;
        this.refusals = refusals;
        this.writer = writer;
    }

    void register(@Observes Filters filters) {
        perSecond.ifPresent(limit -> {
            CallerBuckets buckets = new CallerBuckets(limit, clock);
            filters.register(
                    request -> caller(request)
                            .ifPresentOrElse(caller -> take(limit, buckets, caller, request), request::next),
                    AFTER_AUTHORIZATION);
        });
    }

    private static Optional<Caller> caller(RoutingContext request) {
        return request.normalizedPath().startsWith(API) ? Caller.of(request) : Optional.empty();
    }

    private void take(int limit, CallerBuckets buckets, Caller caller, RoutingContext request) {
        ConsumptionProbe taken = buckets.take(caller);
        RateLimitFields.add(
                request.response(),
                NAME,
                "q=" + limit + ";w=1",
                "r=" + taken.getRemainingTokens() + ";t=" + seconds(taken.getNanosToWaitForReset()));
        if (taken.isConsumed()) {
            request.next();
            return;
        }
        refusals.report(caller, RefusedBy.REQUESTS_PER_SECOND);
        writer.write(
                new ProblemException(
                                ProblemCode.RATE_LIMITED,
                                "At most " + limit + " requests a second; send it again after Retry-After seconds.")
                        .retryAfter(Duration.ofNanos(taken.getNanosToWaitForRefill())),
                request);
    }

    /** Rounded up: a request at that time is not too early. */
    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).plusSeconds(1).minusNanos(1).toSeconds();
    }

    /** A token bucket for each caller that was here lately: so many requests a second, with one second's burst. */
    static final class CallerBuckets {

        private static final Duration TO_FILL = Duration.ofSeconds(1);
        // A bucket is full again long before, so removing it then changes nothing. There is no limit of their number:
        // evicting one would give its caller a new burst, and names come from the token issuer.
        private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

        private final Cache<Caller, Bucket> buckets =
                Caffeine.newBuilder().expireAfterAccess(FORGOTTEN_AFTER).build();
        private final int perSecond;
        private final SteadyTime time;

        CallerBuckets(int perSecond, Clock clock) {
            this.perSecond = perSecond;
            this.time = new SteadyTime(clock);
        }

        /** Takes one request out of the caller's bucket, when there is one in it. */
        ConsumptionProbe take(Caller caller) {
            return buckets.get(caller, name -> full()).tryConsumeAndReturnRemaining(1);
        }

        private Bucket full() {
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, TO_FILL))
                    .withCustomTimePrecision(time)
                    .build();
        }
    }

    /** The clock as buckets read it: never backwards, so that buckets refill although the clock is set back. */
    public static final class SteadyTime implements TimeMeter {

        private final Clock clock;
        private Instant last;
        private long nanos;

        public SteadyTime(Clock clock) {
            this.clock = clock;
            this.last = clock.instant();
        }

        @Override
        public synchronized long currentTimeNanos() {
            Instant now = clock.instant();
            nanos += Math.max(0, Duration.between(last, now).toNanos());
            last = now;
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
