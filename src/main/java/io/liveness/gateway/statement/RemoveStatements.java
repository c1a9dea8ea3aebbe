package io.liveness.gateway.statement;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/** Removes what is not needed: files that were read, statements that came to nothing, dry runs of an hour ago. */
@Singleton
public class RemoveStatements {

    private static final Logger LOG = Logger.getLogger(RemoveStatements.class);

    // Few of them at a time, so that no statement of SQL takes long.
    private static final String PIECES = """
            delete from statement_piece p using (
                select nth from statement_piece where statement_id = $1 order by nth limit 40) few
            where p.statement_id = $1 and p.nth = few.nth""";
    private static final String LINES = """
            delete from statement_line l using (
                select line from statement_line where statement_id = $1 order by line limit 10000) few
            where l.statement_id = $1 and l.line = few.line""";
    private static final String MATCHES = """
            delete from statement_match
            where id = any(array(select id from statement_match where statement_id = $1 limit 10000))""";
    private static final String STATEMENT = "delete from statement where id = $1";
    private static final String LEFT_BEHIND = """
            select id from statement
            where (status = 'RECEIVING' and worked_at < liveness_now() - interval '3 hours')
               or (dry_run and worked_at < liveness_now() - interval '1 hour')
            limit 5""";

    private final Database database;

    RemoveStatements(Database database) {
        this.database = database;
    }

    public Uni<Void> file(UUID statement) {
        return allOf(PIECES, statement);
    }

    /** What was read and matched of it; the statement itself stays. */
    public Uni<Void> results(UUID statement) {
        return file(statement).chain(() -> allOf(LINES, statement)).chain(() -> allOf(MATCHES, statement));
    }

    public Uni<Void> all(UUID statement) {
        return results(statement)
                .chain(() -> database.execute(STATEMENT, Tuple.of(statement)))
                .replaceWithVoid();
    }

    /** Of imports that were broken off with their process, and of dry runs. A failure is logged: the next import tries again. */
    public Uni<Void> leftBehind() {
        return database.execute(LEFT_BEHIND, Tuple.tuple())
                .chain(rows -> {
                    List<UUID> ids = StreamSupport.stream(rows.spliterator(), false)
                            .map((Row row) -> row.getUUID(0))
                            .toList();
                    Uni<Void> removed = Uni.createFrom().voidItem();
                    for (UUID id : ids) {
                        removed = removed.chain(() -> all(id));
                    }
                    return removed;
                })
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "statement.not-removed", failure))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> allOf(String few, UUID statement) {
        return database.execute(few, Tuple.of(statement))
                .chain(rows -> rows.rowCount() > 0
                        ? allOf(few, statement)
                        : Uni.createFrom().voidItem());
    }
}
