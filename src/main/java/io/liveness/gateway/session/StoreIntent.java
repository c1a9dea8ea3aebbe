package io.liveness.gateway.session;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.vendor.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The first step of opening: the intent is stored before init is called, under the caller's key. One statement, which is
 * its own transaction.
 */
@Singleton
class StoreIntent {

    static final String FIRST = """
            with stored as (
                insert into liveness_session (
                    id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex,
                    anti_camera_hack, title, reference, metadata, status, charge_status, attempt, init_at, created_at, updated_at)
                select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPENING', 'NONE', 1, $13, $13, $13
                where %s
                on conflict on constraint one_session_per_key do nothing
                returning id
            ), scheduled as (
                insert into session_schedule (session_id, status, attempt, init_at, next_look_at)
                select id, 'OPENING', 1, $13, $14 from stored
            )
            insert into session_event (id, session_id, type, at)
            select $15, id, 'OPENING', $13 from stored
            """;

    static final String AGAIN = """
            with reopened as (
                update liveness_session
                set status = 'OPENING', attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null,
                    refusal_passing = null, updated_at = $3
                where id = $1 and attempt = $2 and status = 'REJECTED' and refusal_passing and %s
                returning id, attempt
            ), scheduled as (
                insert into session_schedule (session_id, status, attempt, init_at, next_look_at)
                select id, 'OPENING', attempt, $3, $4 from reopened
            )
            insert into session_event (id, session_id, type, at)
            select $5, id, 'OPENING', $3 from reopened
            """;

    private static final String NO_LIMIT = "true";
    /** Locks out the caller's other opens until this statement is over; see the migration that made it. */
    static final String LIMIT = "session_may_open($%d, $%d)";

    private final Database database;
    private final OptionalInt limit;
    private final String first;
    private final String again;

    StoreIntent(Database database, OpenSessionsLimit limit) {
        this.database = database;
        this.limit = limit.atMost();
        this.first = FIRST.formatted(this.limit.isPresent() ? LIMIT.formatted(2, 16) : NO_LIMIT);
        this.again = AGAIN.formatted(this.limit.isPresent() ? LIMIT.formatted(6, 7) : NO_LIMIT);
    }

    /** @return false when the key is taken, or the caller has as many sessions open as it may */
    Uni<Boolean> first(Opening opening, Instant orphanedAt) {
        OpenSessionRequest request = opening.request();
        List<Object> arguments = arguments(
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
                opening.event());
        limit.ifPresent(arguments::add);
        return stored(first, arguments);
    }

    /** @return false when another request was faster, or the caller has as many sessions open as it may */
    Uni<Boolean> again(Opening opening, Instant orphanedAt) {
        List<Object> arguments = arguments(
                opening.id(),
                opening.attempt() - 1,
                Sql.time(opening.startedAt()),
                Sql.time(orphanedAt),
                opening.event());
        limit.ifPresent(atMost -> {
            arguments.add(opening.caller().name());
            arguments.add(atMost);
        });
        return stored(again, arguments);
    }

    private static List<Object> arguments(Object... arguments) {
        return new ArrayList<>(Arrays.asList(arguments));
    }

    private Uni<Boolean> stored(String sql, List<Object> arguments) {
        return database.execute(sql, Tuple.tuple(arguments))
                .map(SqlResult::rowCount)
                .map(rows -> rows == 1);
    }
}
