package io.liveness.gateway.session.waiting;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.RowsTogether;
import io.liveness.gateway.platform.problem.ProblemException;
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
 * sessions that are read at the same time share a statement.
 */
@Singleton
class ReadTogether {

    // The array is hidden in a subquery: PostgreSQL plans anew for each length of a parameter.
    private static final String BY_IDS =
            "select " + SessionRow.COLUMNS + " from liveness_session where id = any ((select $1::uuid[])::uuid[])";

    private final Database database;
    private final RowsTogether<UUID, Optional<SessionRow>> together = new RowsTogether<>(this::byIds);

    ReadTogether(Database database) {
        this.database = database;
    }

    /** Fails when there is none that the viewer may see. */
    Uni<SessionRow> byId(UUID id, Viewer viewer) {
        return together.send(id).map(found -> found.filter(viewer::maySee).orElseThrow(ProblemException::notFound));
    }

    private Uni<List<Optional<SessionRow>>> byIds(List<UUID> ids) {
        Tuple asked = Tuple.of(ids.stream().distinct().toArray(UUID[]::new));
        return database.execute(Connections.SHARED, BY_IDS, asked, ReadTogether::found)
                .map(found -> ids.stream()
                        .map(id -> Optional.ofNullable(found.get(id)))
                        .toList());
    }

    private static Map<UUID, SessionRow> found(RowSet<Row> rows) {
        Map<UUID, SessionRow> found = new HashMap<>();
        for (Row row : rows) {
            SessionRow session = SessionRow.of(row);
            found.put(session.id(), session);
        }
        return found;
    }
}
