package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Writes down what is noted about a difference and who looks after it. It moves no money, and is not on the audit list. */
@Singleton
class NoteDifference {

    private final Database database;

    NoteDifference(Database database) {
        this.database = database;
    }

    /**
     * In place of what was noted before.
     *
     * @throws ProblemException when there is no such difference, it is a result that is none, or its statement does not count
     */
    Uni<Void> note(UUID statement, UUID difference, Optional<String> note, Optional<String> assignee, String by) {
        return database.execute(
                        WorkSql.NOTE, Tuple.of(statement, difference, note.orElse(null), assignee.orElse(null), by))
                .chain(noted -> noted.rowCount() > 0
                        ? Uni.createFrom().voidItem()
                        : database.execute(WorkSql.STATE, Tuple.of(statement, difference))
                                .map(rows -> {
                                    if (rows.size() == 0) {
                                        throw ProblemException.notFound();
                                    }
                                    boolean counts = rows.iterator().next().getBoolean(0);
                                    throw WorkProblems.refused(
                                            difference, counts ? "no-difference" : "statement-not-done");
                                }));
    }
}
