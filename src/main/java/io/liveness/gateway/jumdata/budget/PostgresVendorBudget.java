package io.liveness.gateway.jumdata.budget;

import io.liveness.gateway.jumdata.JumdataConfig;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.vendor.VendorBudget;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The budget in one row that all replicas share, see {@link VendorBudgetSql}. */
@ApplicationScoped
class PostgresVendorBudget implements VendorBudget {

    private final Database database;
    private final BudgetMetrics metrics;
    private final int callsPerSecond;
    private final Duration between;
    private final Map<Purpose, String> take = new EnumMap<>(Purpose.class);
    private final Map<Purpose, String> giveBack = new EnumMap<>(Purpose.class);
    private final OpenPlaces opens;

    PostgresVendorBudget(Database database, BudgetMetrics metrics, JumdataConfig config) {
        this.database = database;
        this.metrics = metrics;
        this.callsPerSecond = config.callsPerSecond();
        this.between = Duration.ofNanos(1_000_000_000L / callsPerSecond);
        for (Purpose purpose : Purpose.values()) {
            take.put(purpose, VendorBudgetSql.take(purpose));
            giveBack.put(purpose, VendorBudgetSql.giveBack(purpose));
        }
        this.opens = new OpenPlaces(
                callsPerSecond, wanted -> row(Purpose.INIT, wanted).map(this::places), System::nanoTime);
    }

    @Override
    public Uni<Grant> take(Purpose purpose, int wanted) {
        return wanted <= 0
                ? Uni.createFrom().item(new Grant(0, Duration.ZERO, between))
                : row(purpose, wanted)
                        .map(row -> row.map(this::grant).orElseGet(() -> new Grant(0, Duration.ZERO, between)))
                        .invoke(grant -> metrics.taken(purpose, wanted, grant.calls()));
    }

    /** What the statement answers; empty when the row was missing, was made, and is missing again. */
    private Uni<Optional<Row>> row(Purpose purpose, int wanted) {
        return taken(purpose, wanted)
                .chain(row -> row.isPresent()
                        ? Uni.createFrom().item(row)
                        : execute(purpose, VendorBudgetSql.MAKE_ROW, Tuple.tuple(), rows -> rows)
                                .chain(made -> taken(purpose, wanted)));
    }

    private Uni<Optional<Row>> taken(Purpose purpose, int wanted) {
        return execute(
                purpose,
                take.get(purpose),
                Tuple.of(callsPerSecond, wanted),
                rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next()));
    }

    /** Polls use separate connections, so that requests do not delay them. */
    private <T> Uni<T> execute(Purpose purpose, String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
        return database.execute(
                purpose.isScheduledPoll() ? Connections.RESERVED : Connections.SHARED, sql, parameters, result);
    }

    private Grant grant(Row row) {
        double firstIn = Math.max(row.getDouble("first_in"), row.getDouble("other_first_in"));
        return new Grant(row.getInteger("granted"), seconds(firstIn), between);
    }

    private OpenPlaces.Answer places(Optional<Row> answered) {
        return answered.map(row -> new OpenPlaces.Answer(
                        row.getInteger("granted"), row.getDouble("first_in"), row.getDouble("other_first_in")))
                .orElse(OpenPlaces.Answer.NONE);
    }

    /** Rounded up: a call must not be made before its place in the budget comes. */
    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
    }

    @Override
    public Uni<Boolean> takeOne(Purpose purpose) {
        if (purpose == Purpose.INIT) {
            return opens.take()
                    .invoke(place -> metrics.taken(Purpose.INIT, 1, place.isPresent() ? 1 : 0))
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
        metrics.taken(Purpose.INIT, 1, 0);
    }

    @Override
    public Uni<Void> giveBack(Purpose purpose, int unused) {
        return unused <= 0
                ? Uni.createFrom().voidItem()
                : execute(purpose, giveBack.get(purpose), Tuple.of(callsPerSecond, unused), rows -> rows)
                        .invoke(() -> metrics.returned(purpose, unused))
                        .onFailure()
                        .recoverWithNull()
                        .replaceWithVoid();
    }

    @Override
    public Uni<Void> slowDown(Purpose purpose) {
        return execute(purpose, VendorBudgetSql.SLOW_DOWN, Tuple.tuple(), rows -> rows)
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
