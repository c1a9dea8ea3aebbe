package io.liveness.gateway.jumdata;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.vendor.VendorBudget;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The budget in one row that all replicas share; {@link VendorBudgetSql} tells how it is kept. */
@ApplicationScoped
class PostgresVendorBudget implements VendorBudget {

    private final Database database;
    private final int callsPerSecond;

    PostgresVendorBudget(Database database, JumdataConfig config) {
        this.database = database;
        this.callsPerSecond = config.callsPerSecond();
    }

    @Override
    public Uni<Boolean> takeOne() {
        return execute(VendorBudgetSql.TAKE_ONE, Tuple.of(callsPerSecond))
                .flatMap(taken -> taken.size() == 0
                        ? Uni.createFrom().item(false)
                        : after(taken.iterator().next().getDouble("wait_seconds")));
    }

    @Override
    public Uni<Integer> takeForReconciling(int lastLooks, int others) {
        if (lastLooks + others <= 0) {
            return Uni.createFrom().item(0);
        }
        return execute(VendorBudgetSql.TAKE_FOR_RECONCILING, Tuple.of(callsPerSecond, lastLooks, others))
                .map(taken -> taken.size() == 0 ? 0 : taken.iterator().next().getInteger("granted"));
    }

    @Override
    public Uni<Void> giveBack(int unused) {
        return unused <= 0
                ? Uni.createFrom().voidItem()
                : execute(VendorBudgetSql.GIVE_BACK, Tuple.of(callsPerSecond, unused))
                        .replaceWithVoid();
    }

    @Override
    public Uni<Void> slowDown() {
        return execute(VendorBudgetSql.SLOW_DOWN, Tuple.tuple()).replaceWithVoid();
    }

    private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return database.execute(sql, parameters);
    }

    private static Uni<Boolean> after(double seconds) {
        if (seconds <= 0) {
            return Uni.createFrom().item(true);
        }
        // Rounded up: a call must not be made before its place in the budget comes.
        Duration wait = Duration.ofMillis((long) Math.ceil(seconds * 1000));
        return Uni.createFrom()
                .deferred(() ->
                        Uni.createFrom().item(true).onItem().delayIt().by(wait).emitOn(CallerContext.capture()));
    }
}
