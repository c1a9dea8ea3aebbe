package io.liveness.gateway.check.open;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Leaves room for other callers: for some seconds after the vendor's budget had no place, a caller with more than a share of this replica's
 * recent opens waits, if others ask too, here or at another replica.
 */
@Startup // its metric is there from the start
@Singleton
class OpenShare {

    /** Longer than opens reserve ahead, so that places become free; not much, because others may not need all of them. */
    private static final Duration WAIT = Duration.ofSeconds(3);

    /**
     * Tells whose opens were refused here, $2, and answers who has opened at any replica from $1 to $3, the ids of sessions of these times, or
     * was refused in the last seconds. In one order, so that two replicas cannot deadlock. A plan for any values supposes that a range without
     * an end is a third of the history.
     */
    private static final String CALLERS = """
            with refused as (
                insert into open_refused (caller, at) select caller, liveness_now() from unnest($2::text[]) caller order by caller
                on conflict (caller) do update set at = excluded.at
            )
            select distinct caller from liveness_session where id > $1 and id < $3
            union all
            select caller from open_refused where at > liveness_now() - interval '10 seconds'
            """;

    private static final Duration LATELY = Duration.ofSeconds(10);

    /** The time for which a caller counts as one that asks. */
    private static final Duration ASKS = Duration.ofMinutes(1);

    /** Below this number of opens a share says nothing. */
    private static final double FEW = 10;

    private final double share;
    private final Refusals refusals;
    private final LongSupplier nanos;
    private final Database database;
    private final Clock clock;

    // All below is touched under the lock of this object alone.
    /** When each caller last asked, here or elsewhere. */
    private final Map<Caller, Long> asked = new HashMap<>();

    private final Fading sent = new Fading(Duration.ofSeconds(30));
    private final Fading sentLong = new Fading(Duration.ofMinutes(30));
    private final Set<String> refusedHere = new HashSet<>();
    private long waitUntilNanos;

    @Inject
    OpenShare(OpenSessionsConfig config, Refusals refusals, MeterRegistry registry, Database database, Clock clock) {
        this(config.openShare(), refusals, registry, System::nanoTime, database, clock);
    }

    /** @param nanos a monotonic clock, as {@link System#nanoTime()} */
    OpenShare(
            double share,
            Refusals refusals,
            MeterRegistry registry,
            LongSupplier nanos,
            Database database,
            Clock clock) {
        this.share = share;
        this.database = database;
        this.clock = clock;
        this.refusals = refusals;
        this.nanos = nanos;
        this.waitUntilNanos = nanos.getAsLong();
        Gauge.builder("liveness.opens.largest.share", this::largest)
                .description(
                        "Share of this replica's opens of the last half hour that one caller has; 0 of a few opens")
                .register(registry);
    }

    /** Whether the caller has to wait, because it opens more than its share. */
    synchronized boolean isExceeded(Caller caller) {
        long now = nanos.getAsLong();
        asked.put(caller, now);
        if (waitUntilNanos - now <= 0 || isAlone(now)) {
            return false;
        }
        sent.fade(now);
        double has = sent.of(caller);
        return has >= FEW && has > share * sent.all();
    }

    /** Whether the caller that asks now is the only one of late. */
    private boolean isAlone(long now) {
        asked.values().removeIf(at -> now - at > ASKS.toNanos());
        return asked.size() == 1;
    }

    /** The refusal of a caller that has to wait. */
    ProblemException refuse(Caller caller) {
        refusals.report(caller, RefusedBy.OPEN_SHARE);
        int percent = (int) Math.round(100 * share);
        return new ProblemException(
                        ProblemCode.RATE_LIMITED,
                        "You have more than " + percent
                                + " % of the sessions opened lately, others open sessions too, and the budget of vendor calls is not"
                                + " enough for all. Nothing was opened and the key is unchanged: send the same request again after"
                                + " Retry-After seconds.")
                .retryAfter(Duration.ofNanos(Math.max(1, untilAllMayOpen())))
                .usedUp("open-share", percent);
    }

    /** Counts an open of the caller whose init is sent. */
    synchronized void sent(Caller caller) {
        long now = nanos.getAsLong();
        sent.add(caller, now);
        sentLong.add(caller, now);
    }

    /** The budget had no place for an open of the caller. */
    synchronized void refused(Caller caller) {
        waitUntilNanos = nanos.getAsLong() + WAIT.toNanos();
        refusedHere.add(caller.name());
    }

    /** A balancer divides connections, not requests, so those who ask at another replica may never be seen at this one. Never fails. */
    @NonBlocking
    @Scheduled(identity = "open-share", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> lookElsewhere() {
        if (untilAllMayOpen() <= 0) {
            // The callers of a look that failed ask no more.
            takeRefusedHere();
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        UUID since = UuidCreator.getTimeOrderedEpochMin(now.minus(LATELY));
        // Later than any replica's time.
        UUID until = UuidCreator.getTimeOrderedEpochMin(now.plus(ASKS));
        String[] refused = takeRefusedHere();
        return database.execute(Connections.SHARED, CALLERS, Tuple.of(since, refused, until), rows -> rows)
                .invoke(rows -> rows.forEach(row -> askedElsewhere(new Caller(row.getString("caller")))))
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(() -> giveBack(refused));
    }

    /** Other replicas hear of them by the next try. */
    private synchronized Void giveBack(String[] refused) {
        refusedHere.addAll(List.of(refused));
        return null;
    }

    private synchronized String[] takeRefusedHere() {
        String[] callers = refusedHere.toArray(String[]::new);
        refusedHere.clear();
        return callers;
    }

    private synchronized long untilAllMayOpen() {
        return waitUntilNanos - nanos.getAsLong();
    }

    synchronized void askedElsewhere(Caller caller) {
        asked.put(caller, nanos.getAsLong());
    }

    private synchronized double largest() {
        sentLong.fade(nanos.getAsLong());
        return sentLong.all() < FEW ? 0 : sentLong.largest() / sentLong.all();
    }

    /** Counts of callers that halve in a time. */
    private static final class Fading {

        private static final double FORGOTTEN = 0.2;

        private final Map<Caller, Double> counts = new HashMap<>();
        private final double halfLifeNanos;
        private long fadedNanos;

        Fading(Duration halfLife) {
            halfLifeNanos = halfLife.toNanos();
        }

        void add(Caller caller, long now) {
            fade(now);
            counts.merge(caller, 1.0, Double::sum);
        }

        /** The shares fade once a second at most, because fading goes through all recent callers. */
        void fade(long now) {
            if (now - fadedNanos >= 1_000_000_000) {
                double left = Math.pow(0.5, (now - fadedNanos) / halfLifeNanos);
                counts.replaceAll((caller, count) -> count * left);
                counts.values().removeIf(count -> count < FORGOTTEN);
                fadedNanos = now;
            }
        }

        double of(Caller caller) {
            return counts.getOrDefault(caller, 0.0);
        }

        double all() {
            return counts.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        double largest() {
            return counts.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0);
        }
    }
}
