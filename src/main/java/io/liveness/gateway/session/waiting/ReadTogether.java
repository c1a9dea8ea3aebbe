package io.liveness.gateway.session.waiting;

import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.Viewer;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads the sessions of waiters. Sessions settle together, so their waiters are answered together and send their next requests together:
 * sessions that are read at the same time share a statement. Each row of its input names its reader, as every read of a session does.
 */
@Singleton
class ReadTogether {

    /**
     * $1 sessions, $2 the caller that reads each, null for an operator, which reads all. The length of one array is hidden from the
     * planner: otherwise PostgreSQL plans anew for each length.
     */
    private static final String BY_ID_AND_READER = """
            select %s, nth
            from unnest((select $1::uuid[]), $2::text[]) with ordinality w (session_id, reader, nth)
            join liveness_session on id = session_id and (reader is null or caller = reader)
            """.formatted(SessionRow.COLUMNS);

    /** @param reader null for an operator */
    private record Wanted(UUID session, String reader) {}

    private final Database database;
    private final Batcher<Wanted, Optional<SessionRow>> batcher = new Batcher<>(this::read);

    ReadTogether(Database database) {
        this.database = database;
    }

    /** Fails when there is none that the viewer may see. */
    Uni<SessionRow> byId(UUID id, Viewer viewer) {
        String reader = viewer.seesAll() ? null : viewer.caller().name();
        return batcher.send(new Wanted(id, reader)).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private Uni<List<Optional<SessionRow>>> read(List<Wanted> wanted) {
        List<Wanted> distinct = wanted.stream().distinct().toList();
        Tuple parameters = new Columns<>(distinct)
                .add(UUID[]::new, Wanted::session)
                .add(String[]::new, Wanted::reader)
                .tuple();
        return database.execute(Connections.READING, BY_ID_AND_READER, parameters, rows -> found(distinct, rows))
                .map(found -> wanted.stream()
                        .map(one -> Optional.ofNullable(found.get(one)))
                        .toList());
    }

    private static Map<Wanted, SessionRow> found(List<Wanted> wanted, RowSet<Row> rows) {
        Map<Wanted, SessionRow> found = new HashMap<>();
        for (Row row : rows) {
            int nth = row.getLong(SessionRow.NUMBER_OF_COLUMNS).intValue();
            found.put(wanted.get(nth - 1), SessionRow.of(row));
        }
        return found;
    }
}
