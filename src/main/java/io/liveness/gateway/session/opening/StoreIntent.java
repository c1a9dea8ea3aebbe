package io.liveness.gateway.session.opening;

import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.opening.BudgetLimit.HardStop;
import io.liveness.gateway.session.request.OpenSessionRequest;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first step of opening: stores the intent under the caller's key before init is sent. One statement is one transaction; intents of new
 * sessions that arrive together share it. Of a caller whose budget has a hard stop they share one of the caller's own, which decides whether
 * they fit into the budget.
 */
@Singleton
public class StoreIntent {

    private static final String NO_LIMIT = "true";
    /** Locks out the caller's other opens until this statement is over; see the migration that made it. */
    private static final String LIMIT = "session_may_open(%s, $%d)";

    /** Holds off the same opens, see its migration. Its arguments are those of a {@link HardStop}. */
    private static final String ROOM = "budget_room($%d, $%d, $%d, $%d, $%d)";

    /** What became of an intent. */
    public enum Stored {
        STORED,
        /** The key is taken, another request was faster, or the caller has reached its limit of open sessions. */
        NOT_STORED,
        /** The caller's budget is spent, and has a hard stop. */
        OVER_BUDGET
    }

    private record Intent(Opening opening, Instant orphanedAt) {}

    private record KeyHash(Opening opening, byte[] hash) {}

    private final Database database;
    private final Sealing sealing;
    private final OptionalInt limit;
    private final BudgetLimit budget;
    private final String first;
    private final String firstWithinBudget;
    private final String firstRefused;
    private final String again;
    private final String againWithinBudget;
    private final String againRefused;
    private final Batcher<Intent, Stored> batcher = new Batcher<>(intents -> stored(intents, Optional.empty()));
    // As many as there are callers whose budget has a hard stop.
    private final Map<String, Batcher<Intent, Stored>> withinBudget = new ConcurrentHashMap<>();

    StoreIntent(Database database, Sealing sealing, OpenSessionsLimit limit, BudgetLimit budget) {
        this.database = database;
        this.sealing = sealing;
        this.limit = limit.atMost();
        this.budget = budget;
        this.first = limited(IntentSql.FIRST, "caller", 20);
        this.firstWithinBudget = withinBudget(IntentSql.FIRST_WITHIN_BUDGET, "caller", 20);
        this.firstRefused = limited(IntentSql.FIRST_REFUSED, "caller", 21);
        this.again = limited(IntentSql.AGAIN, "$6", 7);
        this.againWithinBudget =
                withinBudget(IntentSql.AGAIN_WITHIN_BUDGET, "$6", limit.atMost().isPresent() ? 7 : 6);
        this.againRefused = limited(IntentSql.AGAIN_REFUSED, "$7", 8);
    }

    private String limited(String sql, String caller, int atMost) {
        return sql.formatted(limit.isPresent() ? LIMIT.formatted(caller, atMost) : NO_LIMIT);
    }

    private String withinBudget(String sql, String caller, int next) {
        int room = limit.isPresent() ? next + 1 : next;
        return sql.formatted(
                ROOM.formatted(room, room + 1, room + 2, room + 3, room + 4),
                limit.isPresent() ? LIMIT.formatted(caller, next) : NO_LIMIT);
    }

    /** Stores the intent of a new session. With a limit each one alone, since a statement counts what was stored before it. */
    public Uni<Stored> insert(Opening opening, Instant orphanedAt) {
        Intent intent = new Intent(opening, orphanedAt);
        if (limit.isPresent()) {
            return storedWithinBudget(List.of(intent)).map(stored -> stored.get(0));
        }
        return budget.hardStop(opening, orphanedAt)
                .map(stop ->
                        withinBudget.computeIfAbsent(stop.caller(), caller -> new Batcher<>(this::storedWithinBudget)))
                .orElse(batcher)
                .send(intent);
    }

    /** @param intents of one caller; its budget may have changed since they were sent here */
    private Uni<List<Stored>> storedWithinBudget(List<Intent> intents) {
        Intent last = intents.get(intents.size() - 1);
        return stored(intents, budget.hardStop(last.opening(), last.orphanedAt()));
    }

    private Uni<List<Stored>> stored(List<Intent> intents, Optional<HardStop> stop) {
        Columns<Intent> columns = ofRequests(intents, Intent::opening)
                .add(OffsetDateTime[]::new, intent -> Sql.time(intent.orphanedAt()))
                .add(UUID[]::new, intent -> intent.opening().event());
        limit.ifPresent(columns::same);
        stop.ifPresent(is -> is.arguments().forEach(columns::same));
        return stored(intents, stop.isPresent() ? firstWithinBudget : first, columns.tuple(), stop.isPresent());
    }

    private Uni<List<Stored>> stored(List<Intent> intents, String sql, Tuple arguments, boolean withinBudget) {
        return database.execute(Connections.SHARED, sql, arguments, rows -> {
            Set<UUID> ids = new HashSet<>();
            long room = Long.MAX_VALUE;
            for (Row row : rows) {
                ids.add(row.getUUID("id"));
                room = withinBudget ? row.getLong("opens") : room;
            }
            ids.remove(null);
            Stored ifNot = ids.size() < room ? Stored.NOT_STORED : Stored.OVER_BUDGET;
            return intents.stream()
                    .map(intent -> ids.contains(intent.opening().id()) ? Stored.STORED : ifNot)
                    .toList();
        });
    }

    /** Stores the intent of another attempt. */
    Uni<Stored> reopen(Opening opening, Instant orphanedAt) {
        List<Object> arguments = ofAttempt(opening);
        arguments.add(Sql.time(orphanedAt));
        arguments.add(opening.event());
        addLimitOfAttempt(opening, arguments);
        Optional<HardStop> stop = budget.hardStop(opening, orphanedAt);
        stop.ifPresent(is -> arguments.addAll(is.arguments()));
        return stored(
                        List.of(new Intent(opening, orphanedAt)),
                        stop.isPresent() ? againWithinBudget : again,
                        Tuple.tuple(arguments),
                        stop.isPresent())
                .map(stored -> stored.get(0));
    }

    /** Stores an intent, the first one or another, together with its refusal: no init may be sent for it. */
    Uni<Stored> refused(Opening opening, OpenOutcome.Refused refusal) {
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

    private Uni<Stored> stored(String sql, Tuple arguments) {
        return database.execute(
                Connections.SHARED, sql, arguments, rows -> rows.rowCount() > 0 ? Stored.STORED : Stored.NOT_STORED);
    }
}
