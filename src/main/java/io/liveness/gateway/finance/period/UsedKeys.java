package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.ProblemCode;
import io.liveness.gateway.platform.ProblemException;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.YearMonth;

/** What a key led to. A key is used with the change that it led to; a request that is refused leaves it unused. */
@Singleton
class UsedKeys {

    /** What is done to a month. */
    enum Act {
        SOFT_CLOSE,
        CLOSE
    }

    private final Database database;

    UsedKeys(Database database) {
        this.database = database;
    }

    /**
     * Whether this was done before by this key.
     *
     * @throws ProblemException when the key was used for something else
     */
    Uni<Boolean> isDone(PeriodRequest request, Act act) {
        return database.execute(PeriodsSql.REQUEST, Tuple.of(request.by(), request.key()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return false;
                    }
                    Row row = rows.iterator().next();
                    if (YearMonth.parse(row.getString(0)).equals(request.month())
                            && row.getString(1).equals(act.name())) {
                        return true;
                    }
                    throw new ProblemException(
                            ProblemCode.IDEMPOTENCY_KEY_REUSED,
                            "This key was used with another request; send a new key, or the first request again.");
                });
    }
}
