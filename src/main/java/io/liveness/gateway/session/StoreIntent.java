package io.liveness.gateway.session;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
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
 * its own transaction. Each answers false when the key is taken or another request was faster, or the caller has as many sessions
 * open as it may.
 */
@Singleton
class StoreIntent {

    private static final String NO_LIMIT = "true";
    /** Locks out the caller's other opens until this statement is over; see the migration that made it. */
    static final String LIMIT = "session_may_open($%d, $%d)";

    private final Database database;
    private final OptionalInt limit;
    private final String first;
    private final String firstRefused;
    private final String again;
    private final String againRefused;

    StoreIntent(Database database, OpenSessionsLimit limit) {
        this.database = database;
        this.limit = limit.atMost();
        this.first = limited(IntentSql.FIRST, 2, 16);
        this.firstRefused = limited(IntentSql.FIRST_REFUSED, 2, 17);
        this.again = limited(IntentSql.AGAIN, 6, 7);
        this.againRefused = limited(IntentSql.AGAIN_REFUSED, 7, 8);
    }

    private String limited(String sql, int caller, int atMost) {
        return sql.formatted(limit.isPresent() ? LIMIT.formatted(caller, atMost) : NO_LIMIT);
    }

    /** Stores the intent of a new session. */
    Uni<Boolean> first(Opening opening, Instant orphanedAt) {
        List<Object> arguments = ofRequest(opening);
        arguments.add(Sql.time(orphanedAt));
        arguments.add(opening.event());
        limit.ifPresent(arguments::add);
        return stored(first, arguments);
    }

    /** Stores the intent of another attempt. */
    Uni<Boolean> again(Opening opening, Instant orphanedAt) {
        List<Object> arguments = ofAttempt(opening);
        arguments.add(Sql.time(orphanedAt));
        arguments.add(opening.event());
        addLimitOfAttempt(opening, arguments);
        return stored(again, arguments);
    }

    /** Stores an intent, the first one or another, together with its refusal: no init may be sent for it. */
    Uni<Boolean> refused(Opening opening, OpenOutcome.Refused refusal) {
        boolean isFirst = opening.attempt() == 1;
        List<Object> arguments = isFirst ? ofRequest(opening) : ofAttempt(opening);
        arguments.add(opening.event());
        arguments.add(Sql.newId(opening.startedAt()));
        arguments.add(Sql.detail("reason", refusal.reason(), "passing", refusal.passing()));
        if (isFirst) {
            limit.ifPresent(arguments::add);
        } else {
            addLimitOfAttempt(opening, arguments);
        }
        return stored(isFirst ? firstRefused : againRefused, arguments);
    }

    private static List<Object> ofRequest(Opening opening) {
        OpenSessionRequest request = opening.request();
        return arguments(
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
                Sql.time(opening.startedAt()));
    }

    private static List<Object> ofAttempt(Opening opening) {
        return arguments(opening.id(), opening.attempt() - 1, Sql.time(opening.startedAt()));
    }

    private void addLimitOfAttempt(Opening opening, List<Object> arguments) {
        limit.ifPresent(atMost -> {
            arguments.add(opening.caller().name());
            arguments.add(atMost);
        });
    }

    private static List<Object> arguments(Object... arguments) {
        return new ArrayList<>(Arrays.asList(arguments));
    }

    private Uni<Boolean> stored(String sql, List<Object> arguments) {
        return database.execute(Connections.SHARED, sql, Tuple.tuple(arguments), rows -> rows.rowCount() > 0);
    }
}
