package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.finance.keys.UsedKeys;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.RefusedRows;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Does a piece of work on differences once for each key. */
@Singleton
class KeyedWork {

    /** What a key is used for. */
    enum Act {
        ACCEPT,
        CONFIRM,
        UNACCEPT,
        MATCH,
        UNMATCH
    }

    private static final Logger LOG = Logger.getLogger(KeyedWork.class);

    private final Database database;
    private final UsedKeys keys;

    KeyedWork(Database database, UsedKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    /**
     * @param work a statement of SQL that answers how much was done, and uses the key where that is anything
     * @param why fails with what stands in the way
     * @return whether an earlier request with the same key has done it
     */
    Uni<Boolean> once(WorkRequest request, Act act, Supplier<Uni<RowSet<Row>>> work, Supplier<Uni<Boolean>> why) {
        return isDone(request, act).chain(done -> {
            if (done) {
                return Uni.createFrom().item(true);
            }
            return work.get()
                    .map(rows -> rows.iterator().next().getLong(0) > 0)
                    // Of two at once the database refuses one.
                    .onFailure(RefusedRows::isRefusal)
                    .recoverWithItem(false)
                    .chain(worked -> worked ? log(request, act) : notDone(request, act, why));
        });
    }

    /** @throws ProblemException when there is no such difference, or its statement does not count */
    Uni<Row> state(WorkRequest request) {
        return database.read(WorkSql.STATE, Tuple.of(request.statement(), request.difference()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.notFound();
                    }
                    Row row = rows.iterator().next();
                    if (!row.getBoolean(0)) {
                        throw WorkProblems.refused(request.difference(), "statement-not-done");
                    }
                    return row;
                });
    }

    private Uni<Boolean> isDone(WorkRequest request, Act act) {
        return keys.isDone(request.by(), request.key(), request.content(), act);
    }

    private static Uni<Boolean> log(WorkRequest request, Act act) {
        LOG.infof(
                "difference.%s statement=%s count=%d by=%s",
                act.name().toLowerCase(Locale.ROOT),
                request.statement(),
                request.differences().size(),
                request.by());
        return Uni.createFrom().item(false);
    }

    /** The same request may have been sent twice at once. Otherwise the answer says why. */
    private Uni<Boolean> notDone(WorkRequest request, Act act, Supplier<Uni<Boolean>> why) {
        return isDone(request, act).chain(done -> done ? Uni.createFrom().item(true) : why.get());
    }
}
