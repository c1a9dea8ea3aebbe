package io.liveness.gateway.check;

import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.Confidential;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads one session in one round trip. Every read of a caller's names the caller: to it, another caller's session does not exist. An
 * operator reads all.
 */
@Singleton
public class ReadSession {

    private static final String SELECT = "select " + SessionRow.COLUMNS;

    private static final String BY_ID = SELECT + "from liveness_session where id = $1 and caller = $2";
    private static final String OF_ANY_CALLER = SELECT + "from liveness_session where id = $1";
    private static final String BY_TOKEN = SELECT + """
            from session_token t
            -- By its id, and not by the caller: of one that is new PostgreSQL expects a single session, and would read all that it has.
            cross join lateral (select * from liveness_session where id = t.session_id limit 1) s
            where t.token_hash = $1 and s.caller = $2
            limit 1
            """;

    /** @param reader null for an operator, which reads all */
    private record Wanted(UUID session, String reader) {}

    private static final Records<Wanted> WANTED =
            new Records<Wanted>().with("session_id", "uuid", Wanted::session).with("reader", "text", Wanted::reader);

    /** $1 what is wanted. */
    private static final String BY_ID_AND_READER = SELECT + ", reader from " + WANTED.from("$1", "w") + """

            join liveness_session on id = session_id and (reader is null or caller = reader)
            """;

    private final Database database;
    private final Sealing sealing;
    private final Batcher<Wanted, Optional<SessionRow>> batcher = new Batcher<>(this::batch);

    ReadSession(Database database, Sealing sealing) {
        this.database = database;
        this.sealing = sealing;
    }

    /** Fails when there is none. */
    public Uni<SessionRow> byId(UUID id, Caller caller) {
        return one(BY_ID, Tuple.of(id, caller.name()));
    }

    /** Fails when there is none. */
    public Uni<SessionRow> byId(UUID id, Viewer viewer) {
        return viewer.seesAll() ? one(OF_ANY_CALLER, Tuple.of(id)) : byId(id, viewer.caller());
    }

    /**
     * Reads one session for a waiter; fails when there is none. Sessions settle together, so their waiters are answered
     * together and send their next requests together: sessions that are read at the same time share a query.
     */
    public Uni<SessionRow> batched(UUID id, Viewer viewer) {
        String reader = viewer.seesAll() ? null : viewer.caller().name();
        return batcher.send(new Wanted(id, reader)).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private Uni<List<Optional<SessionRow>>> batch(List<Wanted> wanted) {
        List<Wanted> distinct = wanted.stream().distinct().toList();
        return database.execute(Connections.READING, BY_ID_AND_READER, Tuple.of(WANTED.of(distinct)), rows -> {
            Map<Wanted, SessionRow> found = new HashMap<>();
            rows.forEach(row -> found.put(new Wanted(row.getUUID("id"), row.getString("reader")), SessionRow.of(row)));
            return wanted.stream()
                    .map(one -> Optional.ofNullable(found.get(one)))
                    .toList();
        });
    }

    /** Fails when there is none. */
    public Uni<SessionRow> byToken(Confidential token, Caller caller) {
        return one(BY_TOKEN, Tuple.of(SqlValues.bytes(sealing.tokenHash(token)), caller.name()));
    }

    private Uni<SessionRow> one(String sql, Tuple parameters) {
        return database.execute(Connections.READING, sql, parameters, rows -> SessionRow.of(Database.only(rows)));
    }
}
