package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.keys.UsedKeys;
import io.liveness.gateway.platform.Problem;
import io.liveness.gateway.platform.ProblemException;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.RefusedRows;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Accepts differences, confirms what was proposed, and takes acceptances back, see {@code docs/decisions/0047}. */
@Singleton
class WorkDifferences {

    /** What a key is used for. */
    enum Act {
        ACCEPT,
        CONFIRM,
        UNACCEPT
    }

    private static final Logger LOG = Logger.getLogger(WorkDifferences.class);

    private final Database database;
    private final UsedKeys keys;
    private final FourEyes fourEyes;

    WorkDifferences(Database database, UsedKeys keys, FourEyes fourEyes) {
        this.database = database;
        this.keys = keys;
        this.fourEyes = fourEyes;
    }

    /**
     * Accepts all of them or none.
     *
     * @return whether an earlier request with the same key has done it
     */
    Uni<Boolean> accept(WorkRequest request) {
        return once(request, Act.ACCEPT, () -> database.execute(WorkSql.ACCEPT, accepting(request)));
    }

    /** Confirms a proposal of another person; as {@link #accept}. */
    Uni<Boolean> confirm(WorkRequest request) {
        return once(request, Act.CONFIRM, () -> database.execute(WorkSql.CONFIRM, changing(request)));
    }

    /** Takes an acceptance or a proposal back, by a counter-entry where there is an adjustment; as {@link #accept}. */
    Uni<Boolean> unaccept(WorkRequest request) {
        return once(
                request,
                Act.UNACCEPT,
                () -> database.execute(
                        WorkSql.UNACCEPT,
                        changing(request).addString(request.reason().orElseThrow())));
    }

    private Uni<Boolean> once(WorkRequest request, Act act, Supplier<Uni<RowSet<Row>>> work) {
        return isDone(request, act).chain(done -> {
            if (done) {
                return Uni.createFrom().item(true);
            }
            return work.get()
                    .map(rows -> rows.iterator().next().getLong(0) > 0)
                    // Of two at once the database refuses one.
                    .onFailure(RefusedRows::isRefusal)
                    .recoverWithItem(false)
                    .chain(worked -> worked ? log(request, act) : notDone(request, act));
        });
    }

    private Uni<Boolean> isDone(WorkRequest request, Act act) {
        return keys.isDone(request.by(), request.key(), request.subject(), act);
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
    private Uni<Boolean> notDone(WorkRequest request, Act act) {
        return isDone(request, act).chain(done -> {
            if (done) {
                return Uni.createFrom().item(true);
            }
            return act == Act.ACCEPT ? whyNotAccepted(request) : whyNotChanged(request, act);
        });
    }

    private Uni<Boolean> whyNotAccepted(WorkRequest request) {
        return state(request.statement(), request.difference())
                .chain(() -> database.execute(WorkSql.JUDGE, ids(request)))
                .map(rows -> {
                    Map<UUID, Optional<String>> refusals = new HashMap<>();
                    rows.forEach(row -> refusals.put(row.getUUID(0), Optional.ofNullable(row.getString(1))));
                    if (!refusals.keySet().containsAll(request.differences())) {
                        throw ProblemException.notFound();
                    }
                    List<Problem.Reason> reasons = request.differences().stream()
                            .flatMap(id -> refusals.get(id).map(why -> WorkProblems.reason(id, why)).stream())
                            .toList();
                    throw reasons.isEmpty()
                            ? WorkProblems.refused(request.difference(), "accepted-before")
                            : WorkProblems.refused(reasons);
                });
    }

    private Uni<Boolean> whyNotChanged(WorkRequest request, Act act) {
        UUID difference = request.difference();
        return state(request.statement(), difference).map(row -> {
            boolean own = request.by().equals(row.getString(2));
            if (act == Act.UNACCEPT) {
                throw WorkProblems.refused(difference, "not-accepted");
            }
            throw WorkProblems.refused(
                    difference, "PROPOSED".equals(row.getString(1)) && own ? "own-proposal" : "not-proposed");
        });
    }

    /** @throws ProblemException when there is no such difference, or its statement does not count */
    private Uni<Row> state(UUID statement, UUID difference) {
        return database.execute(WorkSql.STATE, Tuple.of(statement, difference)).map(rows -> {
            if (rows.size() == 0) {
                throw ProblemException.notFound();
            }
            Row row = rows.iterator().next();
            if (!row.getBoolean(0)) {
                throw WorkProblems.refused(difference, "statement-not-done");
            }
            return row;
        });
    }

    private Tuple accepting(WorkRequest request) {
        return ids(request)
                .addString(request.reason().orElseThrow())
                .addString(request.by())
                .addString(request.key())
                .addString(request.subject())
                .addLong(fourEyes.above().minor())
                .addString(fourEyes.above().currency());
    }

    private static Tuple ids(WorkRequest request) {
        return Tuple.of(request.statement(), request.differences().toArray(UUID[]::new), news(request), news(request));
    }

    private static UUID[] news(WorkRequest request) {
        return request.differences().stream().map(any -> Audit.newId()).toArray(UUID[]::new);
    }

    private static Tuple changing(WorkRequest request) {
        return Tuple.tuple()
                .addUUID(request.statement())
                .addUUID(request.difference())
                .addString(request.by())
                .addString(request.key())
                .addString(request.subject())
                .addUUID(Audit.newId());
    }
}
