package io.liveness.gateway.session.opening;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.RowsTogether;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.request.OpenSessionRequest;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first step of opening: stores the intent under the caller's key before init is sent. One statement is one transaction; intents of new
 * sessions that arrive together share it. Each method returns false when the key is taken, another request was faster, or the caller has
 * reached its limit of open sessions.
 */
@Singleton
public class StoreIntent {

    private static final String NO_LIMIT = "true";
    /** Locks out the caller's other opens until this statement is over; see the migration that made it. */
    private static final String LIMIT = "session_may_open(%s, $%d)";

    private record Intent(Opening opening, Instant orphanedAt) {}

    private record KeyHash(Opening opening, byte[] hash) {}

    private final Database database;
    private final Sealing sealing;
    private final OptionalInt limit;
    private final String first;
    private final String firstRefused;
    private final String again;
    private final String againRefused;
    private final RowsTogether<Intent, Boolean> together = new RowsTogether<>(this::stored);

    StoreIntent(Database database, Sealing sealing, OpenSessionsLimit limit) {
        this.database = database;
        this.sealing = sealing;
        this.limit = limit.atMost();
        this.first = limited(IntentSql.FIRST, "caller", 20);
        this.firstRefused = limited(IntentSql.FIRST_REFUSED, "caller", 21);
        this.again = limited(IntentSql.AGAIN, "$6", 7);
        this.againRefused = limited(IntentSql.AGAIN_REFUSED, "$7", 8);
    }

    private String limited(String sql, String caller, int atMost) {
        return sql.formatted(limit.isPresent() ? LIMIT.formatted(caller, atMost) : NO_LIMIT);
    }

    /** Stores the intent of a new session. With a limit each one alone, since a statement counts what was stored before it. */
    public Uni<Boolean> insert(Opening opening, Instant orphanedAt) {
        Intent intent = new Intent(opening, orphanedAt);
        return limit.isPresent() ? stored(List.of(intent)).map(stored -> stored.get(0)) : together.send(intent);
    }

    private Uni<List<Boolean>> stored(List<Intent> intents) {
        Columns<Intent> columns = ofRequests(intents, Intent::opening)
                .add(OffsetDateTime[]::new, intent -> Sql.time(intent.orphanedAt()))
                .add(UUID[]::new, intent -> intent.opening().event());
        limit.ifPresent(columns::same);
        return database.execute(Connections.SHARED, first, columns.tuple(), StoreIntent::ids)
                .map(ids -> intents.stream()
                        .map(intent -> ids.contains(intent.opening().id()))
                        .toList());
    }

    private static Set<UUID> ids(RowSet<Row> rows) {
        Set<UUID> ids = new HashSet<>();
        rows.forEach(row -> ids.add(row.getUUID(0)));
        return ids;
    }

    /** Stores the intent of another attempt. */
    Uni<Boolean> reopen(Opening opening, Instant orphanedAt) {
        List<Object> arguments = ofAttempt(opening);
        arguments.add(Sql.time(orphanedAt));
        arguments.add(opening.event());
        addLimitOfAttempt(opening, arguments);
        return stored(again, Tuple.tuple(arguments));
    }

    /** Stores an intent, the first one or another, together with its refusal: no init may be sent for it. */
    Uni<Boolean> refused(Opening opening, OpenOutcome.Refused refusal) {
        Object[] events = {
            opening.event(),
            Sql.newId(opening.startedAt()),
            Sql.detail("reason", refusal.reason(), "passing", refusal.retryable())
        };
        if (opening.attempt() == 1) {
            Columns<Opening> columns = ofRequests(List.of(opening), Function.identity());
            Arrays.stream(events).forEach(columns::same);
            limit.ifPresent(columns::same);
            return stored(firstRefused, columns.tuple());
        }
        List<Object> arguments = ofAttempt(opening);
        arguments.addAll(Arrays.asList(events));
        addLimitOfAttempt(opening, arguments);
        return stored(againRefused, Tuple.tuple(arguments));
    }

    private <T> Columns<T> ofRequests(List<T> rows, Function<T, Opening> opening) {
        Function<T, OpenSessionRequest> request = opening.andThen(Opening::request);
        Columns<T> columns = new Columns<>(rows)
                .add(UUID[]::new, opening.andThen(Opening::id))
                .add(String[]::new, opening.andThen(one -> one.caller().name()))
                .add(String[]::new, opening.andThen(Opening::idempotencyKey))
                .add(Buffer[]::new, opening.andThen(one -> Sql.bytes(one.requestHash())))
                .add(String[]::new, request.andThen(OpenSessionRequest::returnUrl))
                .add(String[]::new, request.andThen(one -> one.actionStyle().name()))
                .add(String[]::new, request.andThen(StoreIntent::actions))
                .add(Boolean[]::new, request.andThen(OpenSessionRequest::actionMutex))
                .add(Boolean[]::new, request.andThen(OpenSessionRequest::antiCameraHack))
                .add(String[]::new, request.andThen(OpenSessionRequest::title))
                .add(String[]::new, request.andThen(OpenSessionRequest::reference))
                .add(JsonObject[]::new, request.andThen(StoreIntent::metadata))
                .add(String[]::new, request.andThen(OpenSessionRequest::costCentre))
                .add(OffsetDateTime[]::new, opening.andThen(one -> Sql.time(one.startedAt())));
        List<KeyHash> hashes =
                rows.stream().map(opening).flatMap(this::keyHashes).toList();
        return columns.same(hashes.stream().map(key -> key.opening().id()).toArray(UUID[]::new))
                .same(hashes.stream().map(key -> key.opening().caller().name()).toArray(String[]::new))
                .same(hashes.stream().map(key -> Sql.bytes(key.hash())).toArray(Buffer[]::new));
    }

    /** One for each configured encryption key: the hash may have been stored under any of them. */
    private Stream<KeyHash> keyHashes(Opening opening) {
        return Arrays.stream(sealing.keyHashes(opening.caller().name(), opening.idempotencyKey()))
                .map(hash -> new KeyHash(opening, hash));
    }

    private static String actions(OpenSessionRequest request) {
        return request.actions().stream().map(Action::name).collect(Collectors.joining(","));
    }

    private static JsonObject metadata(OpenSessionRequest request) {
        return request.metadata() == null ? null : JsonObject.mapFrom(request.metadata());
    }

    private static List<Object> ofAttempt(Opening opening) {
        return new ArrayList<>(List.of(opening.id(), opening.attempt() - 1, Sql.time(opening.startedAt())));
    }

    private void addLimitOfAttempt(Opening opening, List<Object> arguments) {
        limit.ifPresent(atMost -> {
            arguments.add(opening.caller().name());
            arguments.add(atMost);
        });
    }

    private Uni<Boolean> stored(String sql, Tuple arguments) {
        return database.execute(Connections.SHARED, sql, arguments, rows -> rows.rowCount() > 0);
    }
}
