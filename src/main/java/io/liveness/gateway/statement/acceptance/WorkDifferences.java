package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.acceptance.KeyedWork.Act;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Accepts differences, confirms what was proposed, and takes acceptances back, see {@code docs/decisions/0047}. */
@Singleton
class WorkDifferences {

    private final Database database;
    private final KeyedWork keyed;
    private final FourEyes fourEyes;

    WorkDifferences(Database database, KeyedWork keyed, FourEyes fourEyes) {
        this.database = database;
        this.keyed = keyed;
        this.fourEyes = fourEyes;
    }

    /**
     * Accepts all of them or none.
     *
     * @return whether an earlier request with the same key has done it
     */
    Uni<Boolean> accept(WorkRequest request) {
        return keyed.once(
                request,
                Act.ACCEPT,
                () -> database.execute(WorkSql.ACCEPT, accepting(request)),
                () -> whyNotAccepted(request));
    }

    /** Confirms a proposal of another person; as {@link #accept}. */
    Uni<Boolean> confirm(WorkRequest request) {
        return keyed.once(
                request,
                Act.CONFIRM,
                () -> database.execute(
                        WorkSql.CONFIRM,
                        changing(request)
                                .addString(request.subject().issuer())
                                .addString(request.subject().name())
                                .addBoolean(request.subject().isPerson())),
                () -> whyNotChanged(request, Act.CONFIRM));
    }

    /** Takes an acceptance or a proposal back, by a counter-entry where there is an adjustment; as {@link #accept}. */
    Uni<Boolean> unaccept(WorkRequest request) {
        return keyed.once(
                request,
                Act.UNACCEPT,
                () -> database.execute(
                        WorkSql.UNACCEPT,
                        changing(request).addString(request.reason().orElseThrow())),
                () -> whyNotChanged(request, Act.UNACCEPT));
    }

    private Uni<Boolean> whyNotAccepted(WorkRequest request) {
        return keyed.state(request)
                .chain(() -> database.read(WorkSql.JUDGE, ids(request)))
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
        return keyed.state(request).map(row -> {
            if (act == Act.UNACCEPT) {
                throw WorkProblems.refused(difference, "not-accepted");
            }
            if (!"PROPOSED".equals(row.getString(1))) {
                throw WorkProblems.refused(difference, "not-proposed");
            }
            throw WorkProblems.refused(difference, request.subject().isPerson() ? "own-proposal" : "not-a-person");
        });
    }

    private Tuple accepting(WorkRequest request) {
        return ids(request)
                .addString(request.reason().orElseThrow())
                .addString(request.by())
                .addString(request.key())
                .addString(request.content())
                .addLong(fourEyes.above().minor())
                .addString(fourEyes.above().currency())
                .addString(request.subject().issuer())
                .addString(request.subject().name());
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
                .addString(request.content())
                .addUUID(Audit.newId());
    }
}
