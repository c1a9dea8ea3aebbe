package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.liveness.gateway.vendor.jumdata.OpenPlaces.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

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
                        .map(taken ->
                                new Grant(taken.granted(), seconds(Math.max(taken.firstIn(), taken.openIn())), between))
                        .invoke(grant -> count(purpose, wanted, grant.calls()));
    }

    private Uni<Answer> taken(Purpose purpose, int wanted) {
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
                    return new Answer(row.getInteger("granted"), row.getDouble("first_in"), row.getDouble("open_in"));
                });
    }

    /** Polls use separate connections, so that requests do not delay them. */
    private <T> Uni<T> execute(Purpose purpose, String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
        return database.execute(
                purpose.isScheduledPoll() ? Connections.RESERVED : Connections.SHARED, sql, parameters, result);
    }

    /** Rounded up: a call must not be made before its place in the budget comes. */
    private static Duration seconds(double seconds) {
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
}
