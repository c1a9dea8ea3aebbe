package io.liveness.gateway.session;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.Confidential;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads one session in one round trip. Every read of a caller's names the caller: to it, another caller's session does not exist. An
 * operator reads all.
 */
@Singleton
public class ReadSession {

    private static final String SELECT = "select " + SessionRow.COLUMNS;

    private static final String BY_ID = SELECT + " from liveness_session where id = $1 and caller = $2";
    private static final String TO_CHECK = SELECT + """
            , coalesce((select (leased_until is null or leased_until <= liveness_now()) and not %s
                        from session_schedule where session_id = $1), false)
            from liveness_session where id = $1 and caller = $2
            """.formatted(PollLimit.IS_REACHED);
    private static final String OF_ANY_CALLER = SELECT + " from liveness_session where id = $1";
    private static final String KNOWN =
            SELECT + ", request_hash, attempt, coalesce(refusal_passing, false) from liveness_session";
    /** A session has its key, or is thinned: one statement, so that none is missed that is thinned meanwhile. */
    private static final String BY_KEY = "(" + KNOWN + " where caller = $1 and idempotency_key = $2) union all ("
            + KNOWN + " where caller = $1 and key_hash = any($3) and thinned_at is not null limit 1)";

    private static final String BY_TOKEN =
            SELECT + " from liveness_session where token_hash = any($1) and caller = $2 limit 1";

    /**
     * The session that a key has led to.
     *
     * @param requestHash null when the session is thinned or erased
     * @param attempt the last one
     * @param refusalPassing whether it may be opened again, when it is rejected
     */
    public record Known(SessionRow session, byte[] requestHash, int attempt, boolean refusalPassing) {}

    /** @param mayBePolled whether it may be leased out of turn */
    public record ToCheck(SessionRow session, boolean mayBePolled) {}

    private final Database database;
    private final Sealing sealing;

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

    /** Fails when there is none. */
    public Uni<ToCheck> toCheck(UUID id, Caller caller) {
        return one(
                TO_CHECK,
                Tuple.of(id, caller.name()),
                row -> new ToCheck(SessionRow.of(row), row.getBoolean(SessionRow.NUMBER_OF_COLUMNS)));
    }

    /** Fails when there is none. */
    public Uni<SessionRow> byToken(Confidential token, Caller caller) {
        return one(BY_TOKEN, Tuple.of(Sql.bytes(sealing.tokenHashes(token)), caller.name()));
    }

    public Uni<Optional<Known>> byKey(Caller caller, String idempotencyKey) {
        return read(
                BY_KEY,
                Tuple.of(caller.name(), idempotencyKey, Sql.bytes(sealing.keyHashes(caller.name(), idempotencyKey))),
                rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(known(rows.iterator().next())));
    }

    private static Known known(Row row) {
        int next = SessionRow.NUMBER_OF_COLUMNS;
        return new Known(
                SessionRow.of(row),
                SessionRow.bytes(row.getBuffer(next)),
                row.getInteger(next + 1),
                row.getBoolean(next + 2));
    }

    private Uni<SessionRow> one(String sql, Tuple parameters) {
        return one(sql, parameters, SessionRow::of);
    }

    private <T> Uni<T> one(String sql, Tuple parameters, Function<Row, T> result) {
        return read(sql, parameters, rows -> {
            if (rows.size() == 0) {
                throw ProblemException.notFound();
            }
            return result.apply(rows.iterator().next());
        });
    }

    private <T> Uni<T> read(String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
        return database.execute(Connections.READING, sql, parameters, result);
    }
}
