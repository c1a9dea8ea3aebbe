package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Stores the note and the assignee of a difference. It moves no money and is not on the audit list. */
@Singleton
class NoteDifference {

    private final Database database;

    NoteDifference(Database database) {
        this.database = database;
    }

    /**
     * Replaces an earlier note.
     *
     * @throws ProblemException when the difference does not exist, the result is no difference, or its statement does not count
     */
    Uni<Void> note(UUID statement, UUID difference, Optional<String> note, Optional<String> assignee, String by) {
        return database.execute(
                        WorkSql.NOTE, Tuple.of(statement, difference, note.orElse(null), assignee.orElse(null), by))
                .chain(noted -> noted.rowCount() > 0
                        ? Uni.createFrom().voidItem()
                        : database.read(WorkSql.STATE, Tuple.of(statement, difference))
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
