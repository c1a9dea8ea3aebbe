package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.acceptance.KeyedWork.Act;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Gives a line that the matching could not place to a session, and takes that back, see {@code docs/decisions/0049}. */
@Singleton
class MatchByHand {

    private final Database database;
    private final KeyedWork keyed;

    MatchByHand(Database database, KeyedWork keyed) {
        this.database = database;
        this.keyed = keyed;
    }

    /** @return whether an earlier request with the same key has done it */
    Uni<Boolean> match(WorkRequest request) {
        return keyed.once(
                request,
                Act.MATCH,
                () -> database.execute(
                        ByHandSql.MATCH,
                        values(request).addUUID(request.session().orElseThrow())),
                () -> why(
                        request,
                        ByHandSql.JUDGE,
                        Tuple.of(
                                request.statement(),
                                request.difference(),
                                request.session().orElseThrow())));
    }

    /** As {@link #match}. */
    Uni<Boolean> unmatch(WorkRequest request) {
        return keyed.once(
                request,
                Act.UNMATCH,
                () -> database.execute(ByHandSql.UNMATCH, values(request)),
                () -> why(request, ByHandSql.JUDGE_UNMATCH, Tuple.of(request.statement(), request.difference())));
    }

    private Uni<Boolean> why(WorkRequest request, String judge, Tuple values) {
        return keyed.state(request).chain(() -> database.read(judge, values)).map(rows -> {
            Optional<String> refusal = rows.size() == 0
                    ? Optional.empty()
                    : Optional.ofNullable(rows.iterator().next().getString(0));
            throw WorkProblems.refused(request.difference(), refusal.orElse("changed-meanwhile"));
        });
    }

    private static Tuple values(WorkRequest request) {
        return Tuple.tuple()
                .addUUID(request.statement())
                .addUUID(request.difference())
                .addUUID(Audit.newId())
                .addString(request.by())
                .addString(request.reason().orElseThrow())
                .addString(request.key())
                .addString(request.content());
    }
}
