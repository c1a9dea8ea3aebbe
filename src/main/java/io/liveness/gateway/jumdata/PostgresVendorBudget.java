package io.liveness.gateway.jumdata;

import io.liveness.gateway.platform.CallerContext;
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

/** The budget in one row that all replicas share; {@link VendorBudgetSql} tells how it is kept. */
@ApplicationScoped
class PostgresVendorBudget implements VendorBudget {

    private final Database database;
    private final BudgetMetrics metrics;
    private final int callsPerSecond;
    private final Duration between;
    private final Map<Purpose, String> take = new EnumMap<>(Purpose.class);
    private final Map<Purpose, String> giveBack = new EnumMap<>(Purpose.class);

    PostgresVendorBudget(Database database, BudgetMetrics metrics, JumdataConfig config) {
        this.database = database;
        this.metrics = metrics;
        this.callsPerSecond = config.callsPerSecond();
        this.between = Duration.ofNanos(1_000_000_000L / callsPerSecond);
        for (Purpose purpose : Purpose.values()) {
            take.put(purpose, VendorBudgetSql.take(purpose));
            giveBack.put(purpose, VendorBudgetSql.giveBack(purpose));
        }
    }

    @Override
    public Uni<Grant> take(Purpose purpose, int wanted) {
        return wanted <= 0
                ? Uni.createFrom().item(nothing())
                : taken(purpose, wanted, true).invoke(grant -> metrics.taken(purpose, wanted, grant.calls()));
    }

    private Uni<Grant> taken(Purpose purpose, int wanted, boolean mayMakeRow) {
        return execute(purpose, take.get(purpose), Tuple.of(callsPerSecond, wanted))
                .chain(rows -> {
                    if (rows.size() > 0) {
                        return Uni.createFrom().item(grant(rows.iterator().next()));
                    }
                    return mayMakeRow
                            ? execute(purpose, VendorBudgetSql.MAKE_ROW, Tuple.tuple())
                                    .chain(made -> taken(purpose, wanted, false))
                            : Uni.createFrom().item(nothing());
                });
    }

    /** Looks have connections of their own, so that requests cannot hold them up. */
    private Uni<RowSet<Row>> execute(Purpose purpose, String sql, Tuple parameters) {
        return database.execute(purpose.isLook() ? Connections.RESERVED : Connections.SHARED, sql, parameters);
    }

    private Grant grant(Row row) {
        // Rounded up: a call must not be made before its place in the budget comes.
        Duration firstIn = Duration.ofMillis((long) Math.ceil(row.getDouble("first_in") * 1000));
        return new Grant(row.getInteger("granted"), firstIn, between);
    }

    private Grant nothing() {
        return new Grant(0, Duration.ZERO, between);
    }

    @Override
    public Uni<Boolean> takeOne(Purpose purpose) {
        return take(purpose, 1)
                .chain(grant -> grant.calls() == 0 ? Uni.createFrom().item(false) : after(grant.waitFor(0)));
    }

    @Override
    public Uni<Void> giveBack(Purpose purpose, int unused) {
        return unused <= 0
                ? Uni.createFrom().voidItem()
                : execute(purpose, giveBack.get(purpose), Tuple.of(callsPerSecond, unused))
                        .invoke(() -> metrics.returned(purpose, unused))
                        .onFailure()
                        .recoverWithNull()
                        .replaceWithVoid();
    }

    @Override
    public Uni<Void> slowDown(Purpose purpose) {
        return execute(purpose, VendorBudgetSql.SLOW_DOWN, Tuple.tuple())
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private static Uni<Boolean> after(Duration wait) {
        if (wait.isZero()) {
            return Uni.createFrom().item(true);
        }
        return Uni.createFrom()
                .deferred(() ->
                        Uni.createFrom().item(true).onItem().delayIt().by(wait).emitOn(CallerContext.capture()));
    }
}
