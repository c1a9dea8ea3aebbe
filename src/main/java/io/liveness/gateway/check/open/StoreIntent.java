package io.liveness.gateway.check.open;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.schedule.HeldOpenings;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The first step of opening: stores the intent under the caller's key before init is sent. One statement is one transaction; new intents
 * that arrive together share it.
 */
@Singleton
public class StoreIntent {

    /** What became of an intent. The last three are known before it is stored. */
    public enum Stored {
        STORED,
        /** The key is taken, or another request was faster. */
        NOT_STORED,
        /** The caller has reached its limit of open sessions. */
        OVER_LIMIT,
        /** The caller's budget is spent, and has a hard stop. */
        OVER_BUDGET,
        /** The caller opens more than its share. */
        OVER_SHARE,
        /** The budget of calls to the vendor is spent. */
        CALLS_SPENT,
        /** Sessions that are open wait to be polled. */
        POLLS_BEHIND
    }

    // When the next of the caller's sessions settles is not known; most people take longer.
    private static final Duration A_CHECK_LATER = Duration.ofSeconds(5);

    static final String OF_REQUEST = """
            id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex, anti_camera_hack, title, reference,
            metadata, cost_centre
            """;

    private record Intent(Opening opening, byte[] keyHash) {}

    private static final Records<Intent> INTENT = withRequest(
                    new Records<Intent>(), intent -> intent.opening().request())
            .with("id", "uuid", intent -> intent.opening().id())
            .with("caller", "text", intent -> intent.opening().caller().name())
            .with("idempotency_key", "text", intent -> intent.opening().idempotencyKey())
            .with("key_hash", "bytea", Intent::keyHash)
            .with("request_hash", "bytea", intent -> intent.opening().requestHash())
            .with("attempt", "int", intent -> intent.opening().attempt())
            .with("at", "timestamptz", intent -> intent.opening().startedAt())
            .with("orphaned_at", "timestamptz", intent -> intent.opening().orphanedAt())
            .with("event_id", "uuid", intent -> intent.opening().event());

    /** Adds what the caller asked for to a session that is stored. */
    static <T> Records<T> withRequest(Records<T> session, Function<T, OpenSessionRequest> request) {
        return session.with("return_url", "text", one -> request.apply(one).returnUrl())
                .with("action_style", "text", one -> request.apply(one).actionStyle())
                .with("actions", "text", one -> actions(request.apply(one)))
                .with("action_mutex", "bool", one -> request.apply(one).actionMutex())
                .with("anti_camera_hack", "bool", one -> request.apply(one).antiCameraHack())
                .with("title", "text", one -> request.apply(one).title())
                .with("reference", "text", one -> request.apply(one).reference())
                .with("metadata", "jsonb", one -> metadata(request.apply(one)))
                .with("cost_centre", "text", one -> request.apply(one).costCentre());
    }

    /**
     * For how many opens a caller has room: by its budget, 0 when it is spent, null without a hard stop, and whether one fits its limit of
     * open sessions. What is counted, by either function, is counted under one lock of the caller, which is held to the end of the
     * transaction. $2 the limit, null without one, $3 what {@link BudgetLimit} gives.
     */
    private static final String ROOM = """
            budget_room(caller, $3::jsonb -> 'hardStops', $3::jsonb -> 'fees', ($3::jsonb ->> 'monthBegan')::timestamptz) as opens,
            $2::int is null or session_may_open(caller, $2) as fits
            """;

    /**
     * Stores new intents, each unless its key is taken, another request was faster, or the key's session is thinned or soon will be.
     * {@code session_may_open} and {@code budget_room} lock out the caller's other opens until the statement is over. The statement reads
     * the budget itself, so that what finance has set counts at once; a key that is taken uses up no room of it.
     *
     * <p>$1 the intents, $2 and $3 as in {@link #ROOM}, $4 this process. Answers the events of those that are stored, and of those that
     * are over the limit or a budget. Callers are locked in one order, and keys inserted in one, so that two statements with the same
     * ones cannot deadlock.
     */
    private static final String STORE =
            """
            with intent as (
                select * from
            """ + INTENT.from("$1", "i") + """
            ), room as (
                select caller,
            """ + ROOM + """
                from (select caller from intent group by caller order by hashtext(caller), caller) callers
            ), known as (
                select i.id from intent i
                cross join lateral (
                    select from liveness_session s where s.caller = i.caller and s.key_hash = i.key_hash limit 1) thinned
                union all
                -- Where nothing is counted the insert finds out.
                select i.id from intent i join room r on r.caller = i.caller and r.opens is not null
                cross join lateral (
                    select from liveness_session s
                    where s.caller = i.caller and s.idempotency_key = i.idempotency_key limit 1) taken
            ), wanted as (
                select i.*, r.opens, r.fits, row_number() over (partition by i.caller order by i.idempotency_key) as nth
                from intent i join room r on r.caller = i.caller
                where i.id not in (select id from known)
            ), stored as (
                insert into liveness_session (""" + OF_REQUEST + """
                    , status, charge_status, attempt, init_at, created_at, updated_at)
                select
                """ + OF_REQUEST + """
                    , 'OPENING', 'NONE', attempt, at, at, at
                from wanted where fits and (opens is null or nth <= opens)
                order by caller, idempotency_key
                on conflict on constraint one_session_per_key do nothing
                returning id
            ), scheduled as (
                insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at, opener)
                select caller, id, 'OPENING', attempt, at, orphaned_at, $4::uuid from stored join wanted using (id)
            ), event as (
                insert into session_event (id, session_id, type, at)
                select event_id, id, 'OPENING', at from stored join wanted using (id)
            )
            select event_id, 'STORED' as became from stored join wanted using (id)
            union all
            select event_id, case when fits then 'OVER_BUDGET' else 'OVER_LIMIT' end from wanted where not fits or nth > opens
            """;

    /**
     * Stores another attempt, if its session is still refused, for a reason that passes. $1 its intent, $2 and $3 as in {@link #ROOM}, $4
     * this process, $5 the earliest attempt that it may follow.
     */
    private static final String REOPEN = """
            with intent as (
                select * from
            """ + INTENT.fromOne("$1", "i") + """
            ), room as (
                select
            """ + ROOM + """
                from intent
            ), reopened as (
                update liveness_session s
                set status = 'OPENING', refusal_passing = null, attempt = i.attempt, init_at = i.at, task_no = null, refusal_code = null,
                    key_hash = null, key_hashed_at = null, updated_at = i.at
                from intent i cross join room
                where s.id = i.id and s.attempt >= $5 and s.attempt < i.attempt and s.status = 'REJECTED' and s.refusal_passing
                  and s.thinned_at is null and s.erased_at is null and fits and coalesce(opens > 0, true)
                returning i.*
            ), scheduled as (
                insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at, opener)
                select caller, id, 'OPENING', attempt, at, orphaned_at, $4::uuid from reopened
            ), ended_no_more as (
                delete from session_end e using reopened r
                where e.caller = r.caller and e.status = 'REJECTED' and e.session_id = r.id
            ), event as (
                insert into session_event (id, session_id, type, at) select event_id, id, 'OPENING', at from reopened
            )
            select case when exists (select from reopened) then 'STORED' when not fits then 'OVER_LIMIT'
                        when opens = 0 then 'OVER_BUDGET' else 'NOT_STORED' end as became
            from room
            """;

    private static final String KNOWN = "select " + SessionRow.COLUMNS
            + ", request_hash, attempt, coalesce(refusal_passing, false) as refusal_passing from liveness_session";
    /**
     * $1 the caller, $2 its key, $3 the key's hash. A session has its key, or is thinned: one statement, so that none is missed that is
     * thinned meanwhile.
     */
    private static final String BY_KEY = "(" + KNOWN + " where caller = $1 and idempotency_key = $2) union all ("
            + KNOWN + " where caller = $1 and key_hash = $3 and thinned_at is not null limit 1)";

    /**
     * The session that a key has led to.
     *
     * @param requestHash null when the session is thinned or erased
     * @param attempt the last one
     * @param refusalPassing whether it may be opened again, when it is rejected
     */
    record KnownKey(SessionRow session, byte[] requestHash, int attempt, boolean refusalPassing) {

        /** Refuses the key when its session is thinned or erased, and another request with it. */
        KnownKey checkedFor(byte[] request) {
            if (session.isGone()) {
                throw new ProblemException(
                                ProblemCode.GONE,
                                "This key opened a session whose data was erased. Nothing was opened; use a new key for a new"
                                        + " session.")
                        .sessionId(session.id());
            }
            if (!Arrays.equals(requestHash, request)) {
                throw IdempotencyKey.reused();
            }
            return this;
        }
    }

    private final Database database;
    private final Sealing sealing;
    /** The limit of a caller's open sessions; null without one. */
    private final Integer limit;

    private final Refusals refusals;
    private final BudgetLimit budget;
    private final HeldOpenings held;
    private final Batcher<Opening, Stored> batcher = new Batcher<>(this::storeNew);
    // One for each caller whose budget has a hard stop, so that summing up one caller's fees holds up no other's opens.
    private final Map<String, Batcher<Opening, Stored>> ofHardStops = new ConcurrentHashMap<>();

    StoreIntent(
            Database database,
            Sealing sealing,
            OpenSessionsConfig config,
            Refusals refusals,
            BudgetLimit budget,
            HeldOpenings held) {
        this.held = held;
        this.database = database;
        this.sealing = sealing;
        this.limit =
                config.maxOpenSessions().isPresent() ? config.maxOpenSessions().getAsInt() : null;
        this.refusals = refusals;
        this.budget = budget;
    }

    /** Stores the intent of an opening. With a limit each one alone, since a statement counts what was stored before it. */
    public Uni<Stored> store(Opening opening) {
        if (opening.attempt() > 1) {
            return reopen(opening, limit, budget.forOpens(List.of(opening)), opening.attempt() - 1);
        }
        if (limit != null) {
            return storeNew(List.of(opening)).map(stored -> stored.get(0));
        }
        String caller = opening.caller().name();
        return (budget.mayStop(caller)
                        ? ofHardStops.computeIfAbsent(caller, name -> new Batcher<>(this::storeNew))
                        : batcher)
                .send(opening);
    }

    /**
     * Stores an intent that the database has lost since its init was sent. No limit holds it up: the fee is taken. Attempts before it may be
     * lost as well.
     */
    Uni<Stored> storeAgain(Opening opening) {
        Uni<Stored> reopened = opening.attempt() > 1
                ? reopen(opening, null, BudgetLimit.NO_LIMIT, 1)
                : Uni.createFrom().item(Stored.NOT_STORED);
        return reopened.chain(stored -> stored == Stored.STORED
                ? Uni.createFrom().item(stored)
                : storeNew(List.of(opening), null, BudgetLimit.NO_LIMIT).map(all -> all.get(0)));
    }

    private Uni<List<Stored>> storeNew(List<Opening> openings) {
        return storeNew(openings, limit, budget.forOpens(openings));
    }

    private Uni<List<Stored>> storeNew(List<Opening> openings, Integer atMost, JsonObject budgets) {
        List<Intent> intents = openings.stream().map(this::intent).toList();
        return database.execute(
                Connections.SHARED, STORE, Tuple.of(INTENT.of(intents), atMost, budgets, held.process()), rows -> {
                    Map<UUID, Stored> became = new HashMap<>();
                    rows.forEach(row -> became.put(row.getUUID("event_id"), became(row)));
                    return openings.stream()
                            .map(opening -> became.getOrDefault(opening.event(), Stored.NOT_STORED))
                            .toList();
                });
    }

    private Uni<Stored> reopen(Opening opening, Integer atMost, JsonObject budgets, int earliest) {
        return database.execute(
                Connections.SHARED,
                REOPEN,
                Tuple.of(INTENT.of(intent(opening)), atMost, budgets, held.process(), earliest),
                rows -> became(rows.iterator().next()));
    }

    private Intent intent(Opening opening) {
        return new Intent(opening, sealing.keyHash(opening.caller().name(), opening.idempotencyKey()));
    }

    private static Stored became(Row row) {
        return Stored.valueOf(row.getString("became"));
    }

    /** The refusal of what is {@link Stored#OVER_LIMIT}. */
    ProblemException refuse(Caller caller) {
        refusals.report(caller, RefusedBy.OPEN_SESSIONS);
        return new ProblemException(
                        ProblemCode.RATE_LIMITED,
                        "At most " + limit
                                + " sessions may be open at a time. Nothing was opened and the key is unchanged: send the same request"
                                + " again when one of them is settled.")
                .retryAfter(A_CHECK_LATER)
                .usedUp("open-sessions", limit);
    }

    /** What a key has led to, as far as it is committed. */
    Uni<Optional<KnownKey>> byKey(Caller caller, String idempotencyKey) {
        return database.execute(
                Connections.READING,
                BY_KEY,
                Tuple.of(
                        caller.name(), idempotencyKey, SqlValues.bytes(sealing.keyHash(caller.name(), idempotencyKey))),
                rows -> rows.stream()
                        .findFirst()
                        .map(row -> new KnownKey(
                                SessionRow.of(row),
                                SessionRow.bytes(row.getBuffer("request_hash")),
                                row.getInteger("attempt"),
                                row.getBoolean("refusal_passing"))));
    }

    private static String actions(OpenSessionRequest request) {
        return request.actions().stream().map(Action::name).collect(Collectors.joining(","));
    }

    private static JsonObject metadata(OpenSessionRequest request) {
        return request.metadata() == null ? null : JsonObject.mapFrom(request.metadata());
    }
}
