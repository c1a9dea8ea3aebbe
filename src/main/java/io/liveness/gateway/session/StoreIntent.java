package io.liveness.gateway.session;

import io.liveness.gateway.vendor.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlResult;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The first step of opening: the intent is stored before init is called, under the caller's key. One statement, which is
 * its own transaction.
 */
@Singleton
class StoreIntent {

    private static final String FIRST = """
            with stored as (
                insert into liveness_session (
                    id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex,
                    anti_camera_hack, title, reference, metadata, status, charge_status, attempt, init_at, next_look_at,
                    created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPENING', 'NONE', 1, $13, $14, $13, $13)
                on conflict on constraint one_session_per_key do nothing
                returning id
            )
            insert into session_event (id, session_id, type, at)
            select $15, id, 'OPENING', $13 from stored
            """;

    private static final String AGAIN = """
            with reopened as (
                update liveness_session
                set status = 'OPENING', attempt = attempt + 1, init_at = $3, next_look_at = $4, task_no = null,
                    refusal_code = null, refusal_passing = null, updated_at = $3
                where id = $1 and attempt = $2 and status = 'REJECTED' and refusal_passing
                returning id
            )
            insert into session_event (id, session_id, type, at)
            select $5, id, 'OPENING', $3 from reopened
            """;

    private final Pool pool;

    StoreIntent(Pool pool) {
        this.pool = pool;
    }

    /** @return false when the key is taken */
    Uni<Boolean> first(Opening opening, Instant orphanedAt) {
        OpenSessionRequest request = opening.request();
        return stored(
                FIRST,
                opening.id(),
                opening.caller().name(),
                opening.idempotencyKey(),
                Sql.bytes(opening.requestHash()),
                request.returnUrl(),
                request.actionStyle().name(),
                request.actions().stream().map(Action::name).collect(Collectors.joining(",")),
                request.actionMutex(),
                request.antiCameraHack(),
                request.title(),
                request.reference(),
                request.metadata() == null ? null : JsonObject.mapFrom(request.metadata()),
                Sql.time(opening.startedAt()),
                Sql.time(orphanedAt),
                Sql.newId(opening.startedAt()));
    }

    /** @return false when somebody else was faster */
    Uni<Boolean> again(Opening opening, Instant orphanedAt) {
        return stored(
                AGAIN,
                opening.id(),
                opening.attempt() - 1,
                Sql.time(opening.startedAt()),
                Sql.time(orphanedAt),
                Sql.newId(opening.startedAt()));
    }

    private Uni<Boolean> stored(String sql, Object... arguments) {
        return pool.preparedQuery(sql)
                .execute(Tuple.tuple(Arrays.asList(arguments)))
                .map(SqlResult::rowCount)
                .map(rows -> rows == 1);
    }
}
