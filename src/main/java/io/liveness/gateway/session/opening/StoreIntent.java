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
    /** Null without one. */
    private final Integer limit;

    private final BudgetLimit budget;
    private final Batcher<Intent, Stored> batcher = new Batcher<>(intents -> stored(intents, Optional.empty()));
    // As many as there are callers whose budget has a hard stop.
    private final Map<String, Batcher<Intent, Stored>> withinBudget = new ConcurrentHashMap<>();

    StoreIntent(Database database, Sealing sealing, OpenSessionsLimit limit, BudgetLimit budget) {
        this.database = database;
        this.sealing = sealing;
        this.limit = limit.atMost().isPresent() ? limit.atMost().getAsInt() : null;
        this.budget = budget;
    }

    /** Stores the intent of a new session. With a limit each one alone, since a statement counts what was stored before it. */
    public Uni<Stored> insert(Opening opening, Instant orphanedAt) {
        Intent intent = new Intent(opening, orphanedAt);
        if (limit != null) {
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
        Columns<Intent> columns = ofRequests(intents);
        stop.ifPresent(is -> is.arguments().forEach(columns::same));
        return stored(
                intents,
                stop.isPresent() ? IntentSql.FIRST_WITHIN_BUDGET : IntentSql.FIRST,
                columns.tuple(),
                stop.isPresent());
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
        List<Object> arguments = ofAttempt(opening, Sql.time(orphanedAt), opening.event());
        Optional<HardStop> stop = budget.hardStop(opening, orphanedAt);
        stop.ifPresent(is -> arguments.addAll(is.arguments()));
        return stored(
                        List.of(new Intent(opening, orphanedAt)),
                        stop.isPresent() ? IntentSql.AGAIN_WITHIN_BUDGET : IntentSql.AGAIN,
                        Tuple.tuple(arguments),
                        stop.isPresent())
                .map(stored -> stored.get(0));
    }

    /** Stores an intent, the first one or another, together with its refusal: no init may be sent for it. */
    Uni<Stored> refused(Opening opening, OpenOutcome.Refused refusal) {
        UUID rejected = Sql.newId(opening.startedAt());
        JsonObject detail = Sql.detail("reason", refusal.reason(), "passing", refusal.retryable());
        if (opening.attempt() == 1) {
            Columns<Intent> columns = ofRequests(List.of(new Intent(opening, opening.startedAt())));
            return stored(
                    IntentSql.FIRST_REFUSED, columns.same(rejected).same(detail).tuple());
        }
        List<Object> arguments = ofAttempt(opening, opening.event(), rejected);
        arguments.add(detail);
        return stored(IntentSql.AGAIN_REFUSED, Tuple.tuple(arguments));
    }

    private Columns<Intent> ofRequests(List<Intent> intents) {
        Function<Intent, Opening> opening = Intent::opening;
        Function<Intent, OpenSessionRequest> request = opening.andThen(Opening::request);
        Columns<Intent> columns = new Columns<>(intents)
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
                intents.stream().map(opening).flatMap(this::keyHashes).toList();
        return columns.same(hashes.stream().map(key -> key.opening().id()).toArray(UUID[]::new))
                .same(hashes.stream().map(key -> key.opening().caller().name()).toArray(String[]::new))
                .same(hashes.stream().map(key -> Sql.bytes(key.hash())).toArray(Buffer[]::new))
                .add(OffsetDateTime[]::new, intent -> Sql.time(intent.orphanedAt()))
                .add(UUID[]::new, intent -> intent.opening().event())
                .same(limit);
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

    private List<Object> ofAttempt(Opening opening, Object fourth, Object fifth) {
        List<Object> arguments = new ArrayList<>(
                List.of(opening.id(), opening.attempt() - 1, Sql.time(opening.startedAt()), fourth, fifth));
        arguments.add(opening.caller().name());
        arguments.add(limit);
        return arguments;
    }

    private Uni<Stored> stored(String sql, Tuple arguments) {
        return database.execute(
                Connections.SHARED, sql, arguments, rows -> rows.rowCount() > 0 ? Stored.STORED : Stored.NOT_STORED);
    }
}
