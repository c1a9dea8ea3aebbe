package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * The budget in the database, which all replicas share: a token bucket that two functions of V3__vendor.sql keep. A statement that
 * takes calls does nothing else, because the next one waits until it has committed. Its places are counted in {@code
 * liveness.budget.calls}.
 */
@Startup // its metrics are there from the start
@ApplicationScoped
class PostgresVendorBudget implements VendorBudget {

    /** $1 the purpose, $2 calls per second, $3 how many seconds ahead, $4 how many calls: negative gives them back. */
    private static final String TAKE = "select granted, first_in, open_in from vendor_budget_take($1, $2, $3, $4)";

    private static final String SLOW_DOWN = "select vendor_budget_slow_down()";

    /** Made once: to look a counter up by its tags costs more than to count. */
    private record Counters(Counter granted, Counter refused, Counter returned) {}

    private final Database database;
    private final Map<Purpose, Counters> counters = new EnumMap<>(Purpose.class);
    private final int callsPerSecond;
    private final Duration between;
    private final OpenPlaces opens;

    PostgresVendorBudget(Database database, MeterRegistry registry, JumdataConfig config) {
        this.database = database;
        this.callsPerSecond = config.callsPerSecond();
        this.between = Duration.ofNanos(1_000_000_000L / callsPerSecond);
        this.opens = new OpenPlaces(callsPerSecond, wanted -> taken(Purpose.INIT, wanted), System::nanoTime);
        for (Purpose purpose : Purpose.values()) {
            counters.put(
                    purpose,
                    new Counters(
                            counter(registry, purpose, "granted"),
                            counter(registry, purpose, "refused"),
                            counter(registry, purpose, "returned")));
        }
    }

    private static Counter counter(MeterRegistry registry, Purpose purpose, String outcome) {
        return Counter.builder("liveness.budget.calls")
                .description("Calls to the vendor that requested a permit of the budget")
                .tag("purpose", purpose.label())
                .tag("outcome", outcome)
                .register(registry);
    }

    private void count(Purpose purpose, int wanted, int granted) {
        counters.get(purpose).granted().increment(granted);
        counters.get(purpose).refused().increment(wanted - granted);
    }

    @Override
    public Uni<Grant> take(Purpose purpose, int wanted) {
        return wanted <= 0
                ? Uni.createFrom().item(new Grant(0, Duration.ZERO, between))
                : taken(purpose, wanted)
                        .map(taken -> new Grant(
                                taken.granted(), milliseconds(Math.max(taken.firstIn(), taken.openIn())), between))
                        .invoke(grant -> count(purpose, wanted, grant.calls()));
    }

    private Uni<OpenPlaces.TakenPlaces> taken(Purpose purpose, int wanted) {
        return execute(
                purpose,
                TAKE,
                Tuple.of(
                        purpose.label(),
                        (double) callsPerSecond,
                        purpose.ahead().toMillis() / 1_000.0,
                        wanted),
                rows -> {
                    Row row = rows.iterator().next();
                    return new OpenPlaces.TakenPlaces(
                            row.getInteger("granted"), row.getDouble("first_in"), row.getDouble("open_in"));
                });
    }

    /** Polls use separate connections, so that requests do not delay them. */
    private <T> Uni<T> execute(Purpose purpose, String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
        return database.execute(
                purpose.isScheduledPoll() ? Connections.RESERVED : Connections.SHARED, sql, parameters, result);
    }

    /** Rounded up to the millisecond: a call must not be made before its place in the budget comes. */
    private static Duration milliseconds(double seconds) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
    }

    @Override
    public Uni<Boolean> takeOne(Purpose purpose) {
        if (purpose == Purpose.INIT) {
            return opens.take()
                    .invoke(place -> count(Purpose.INIT, 1, place.isPresent() ? 1 : 0))
                    .chain(place -> place.map(PostgresVendorBudget::after)
                            .orElseGet(() -> Uni.createFrom().item(false)));
        }
        return take(purpose, 1)
                .chain(grant -> grant.calls() == 0 ? Uni.createFrom().item(false) : after(grant.waitFor(0)));
    }

    @Override
    public boolean isSpentForOpens() {
        return opens.areSpent();
    }

    @Override
    public void openRefused() {
        count(Purpose.INIT, 1, 0);
    }

    @Override
    public Uni<Void> giveBack(Purpose purpose, int unused) {
        return unused <= 0
                ? Uni.createFrom().voidItem()
                : taken(purpose, -unused)
                        .invoke(() -> counters.get(purpose).returned().increment(unused))
                        .onFailure()
                        .recoverWithNull()
                        .replaceWithVoid();
    }

    @Override
    public Uni<Void> slowDown(Purpose purpose) {
        return execute(purpose, SLOW_DOWN, Tuple.tuple(), rows -> rows)
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private static Uni<Boolean> after(Duration wait) {
        if (wait.isZero()) {
            return Uni.createFrom().item(true);
        }
        return Uni.createFrom()
                .deferred(() -> Pause.atLeast(wait).replaceWith(true).emitOn(CallerContext.capture()));
    }

    /**
     * The places of this replica's opens in the budget. One statement takes places for all waiting opens and for a few future ones; the
     * next one is sent when it has ended, or after a second, so that a lost answer does not hold up all opens. So a replica takes the
     * budget's lock some tens of times a second at any load, and never while an open holds another lock.
     *
     * <p>Places taken ahead are at most what opens may take in {@link #BLOCK}, a fortieth of the rate, and at most what this replica used
     * since its last statement. A place that is unused {@link #KEPT} after its time is dropped. Below a rate of 40 calls a second nothing
     * is taken ahead. A refusal is remembered for {@link #BLOCK}.
     *
     * <p>At 450 opens a second of 1,000 calls, ten times the default rate, an open takes 0.04 statements of the budget, without places
     * ahead 0.8: some 0.1 ms of processor at the gateway and 0.12 ms in PostgreSQL more, and a round trip.
     */
    static final class OpenPlaces {

        private static final Duration BLOCK = Duration.ofMillis(50);
        // Asked again within that time, the replica takes places ahead.
        private static final Duration BUSY = BLOCK.multipliedBy(2);
        private static final Duration KEPT = Duration.ofMillis(100);

        /**
         * The budget's answer.
         *
         * @param granted how many places
         * @param firstIn in how many seconds the first one comes, as far as all calls are concerned
         * @param openIn the same, as far as opens are concerned, each of which takes two places
         */
        record TakenPlaces(int granted, double firstIn, double openIn) {

            /** The seconds until the place with this number comes, counted from 0. */
            private double in(int number, double callsPerSecond) {
                return Math.max(firstIn + number / callsPerSecond, openIn + 2 * number / callsPerSecond);
            }
        }

        private final double callsPerSecond;
        private final int mostAhead;
        private final IntFunction<Uni<TakenPlaces>> asking;
        private final LongSupplier nanos;

        private final Batcher<Void, Optional<Duration>> statements = new Batcher<>(Integer.MAX_VALUE, 1, this::places);

        // All below is touched under the lock of this object alone.
        /** When they come, by the steady time. */
        private final Deque<Long> ahead = new ArrayDeque<>();

        private int used;
        private long usedSinceNanos;
        private long noneUntilNanos;

        /**
         * @param asking takes this many places from the budget, in one statement
         * @param nanos a monotonic clock, as {@link System#nanoTime()}
         */
        OpenPlaces(int callsPerSecond, IntFunction<Uni<TakenPlaces>> asking, LongSupplier nanos) {
            this.callsPerSecond = callsPerSecond;
            this.mostAhead = (int) (callsPerSecond / 2 * BLOCK.toMillis() / 1_000);
            this.asking = asking;
            this.nanos = nanos;
            this.usedSinceNanos = nanos.getAsLong() - BUSY.toNanos();
            this.noneUntilNanos = nanos.getAsLong();
        }

        /** Takes a place. @return the time until the place comes; empty when there is none */
        Uni<Optional<Duration>> take() {
            return Uni.createFrom().deferred(() -> {
                Optional<Duration> place;
                synchronized (this) {
                    used++;
                    place = takeFromAhead();
                }
                return place.isPresent() ? Uni.createFrom().item(place) : statements.send(null);
            });
        }

        /** Whether the budget had no place for an open a moment ago, and has none yet. */
        synchronized boolean areSpent() {
            return nanos.getAsLong() - noneUntilNanos < 0 && ahead.isEmpty();
        }

        private Optional<Duration> takeFromAhead() {
            long now = nanos.getAsLong();
            while (!ahead.isEmpty() && now - ahead.peek() > KEPT.toNanos()) {
                ahead.remove();
            }
            return Optional.ofNullable(ahead.poll()).map(comes -> Duration.ofNanos(Math.max(0, comes - now)));
        }

        /** For opens that waited together: first those that were taken ahead meanwhile, then those of one statement. */
        private Uni<List<Optional<Duration>>> places(List<Void> opens) {
            List<Optional<Duration>> places = new ArrayList<>();
            int missing;
            int wanted;
            synchronized (this) {
                for (int open = 0; open < opens.size() && !ahead.isEmpty(); open++) {
                    takeFromAhead().map(Optional::of).ifPresent(places::add);
                }
                missing = opens.size() - places.size();
                if (missing == 0) {
                    return Uni.createFrom().item(places);
                }
                long now = nanos.getAsLong();
                boolean busy = now - usedSinceNanos < BUSY.toNanos();
                wanted = missing + (busy ? Math.min(used, mostAhead) : 0);
                used = 0;
                usedSinceNanos = now;
            }
            return asking.apply(wanted).map(answer -> {
                places.addAll(answered(missing, wanted, answer));
                return places;
            });
        }

        private synchronized List<Optional<Duration>> answered(int missing, int wanted, TakenPlaces answer) {
            long now = nanos.getAsLong();
            List<Optional<Duration>> places = new ArrayList<>();
            for (int number = 0; number < wanted; number++) {
                Optional<Duration> place = number < answer.granted()
                        ? Optional.of(nanoseconds(answer.in(number, callsPerSecond)))
                        : Optional.empty();
                if (number < missing) {
                    places.add(place);
                } else {
                    place.ifPresent(kept -> ahead.add(now + kept.toNanos()));
                }
            }
            if (answer.granted() < wanted) {
                // The block is short, because places are also given back.
                noneUntilNanos = now + BLOCK.toNanos();
            }
            return places;
        }

        /** Rounded up to the nanosecond: a call must not be made before its place in the budget comes. */
        private static Duration nanoseconds(double seconds) {
            return Duration.ofNanos((long) Math.ceil(Math.max(0, seconds) * 1e9));
        }
    }
}
