package io.liveness.gateway.open;

import io.liveness.gateway.open.BudgetLimit.HardStop;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.SqlValues;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
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
import java.util.stream.Collectors;

/**
 * The first step of opening: stores the intent under the caller's key before init is sent. One statement is one transaction; intents of
 * new sessions that arrive together share it. Of a caller whose budget has a hard stop they share one of the caller's own, which decides
 * whether they fit into the budget.
 *
 * <p>Each statement names the attempt it begins. It stores nothing when the key is taken or another request was faster, and nothing when
 * the key's session is thinned or erased, or soon will be thinned. An intent for which no init may be sent is stored as rejected at once,
 * with both of its events: it is never open, so it is not on the schedule and no read waits for it. Its refusal is retryable: nothing was
 * sent.
 *
 * <p>The length of one array of each {@code unnest} is hidden from the planner, so that its estimate is never below the ten rows of a plan
 * for any values, and that plan is kept.
 *
 * <p>Each has the limit of open sessions as a parameter, null without one. {@code session_may_open} locks out the caller's other opens
 * until the statement is over.
 *
 * <p>A statement of a caller whose budget has a hard stop is of that caller alone. It stores no more than the budget has room for, and
 * answers how much room there was, in one row at least, beside the ids of what was stored; null without a hard stop. {@code budget_room}
 * holds off the same opens; its arguments are those of a {@link HardStop}.
 */
@Singleton
public class StoreIntent {

    /** What became of an intent. */
    public enum Stored {
        STORED,
        /** The key is taken, another request was faster, or the caller has reached its limit of open sessions. */
        NOT_STORED,
        /** The caller's budget is spent, and has a hard stop. */
        OVER_BUDGET,
        /** The caller opens more than its share. */
        OVER_SHARE
    }

    static final String OF_REQUEST = """
            id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex, anti_camera_hack, title, reference,
            metadata, cost_centre
            """;

    /**
     * $1 to $14 what is stored of the requests, $15 the hashes of their keys, $16 when the openings count as orphaned, $17 the (first)
     * events, $18 the limit.
     */
    private static final String INTENTS = """
            with intent as materialized (
                select * from unnest((select $1::uuid[]), $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[],
                                     $8::bool[], $9::bool[], $10::text[], $11::text[], $12::jsonb[], $13::text[],
                                     $14::timestamptz[], $15::bytea[], $16::timestamptz[], $17::uuid[])
                    as i (""" + OF_REQUEST + """
                    , at, key_hash, orphaned_at, event_id)
            ), kept as materialized (
                select i.id from intent i
                cross join lateral (
                    select from liveness_session s where s.caller = i.caller and s.key_hash = i.key_hash limit 1) thinned
            )
            """;

    /** Keys are inserted in one order, so that two statements with the same keys cannot deadlock. */
    private static final String IN_ORDER = """
            order by caller, idempotency_key
            """;

    private static final String ONCE = """
            on conflict on constraint one_session_per_key do nothing
            returning id, caller, created_at
            """;

    private static final String OPEN = store("'OPENING', null::boolean");
    private static final String REJECTED = store("'REJECTED', true");

    private static final String BEGIN = """
            , opening as (
                select i.id, i.caller, i.at, i.orphaned_at, i.event_id from stored s join intent i on i.id = s.id
            ), scheduled as (
                insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at)
                select caller, id, 'OPENING', 1, at, orphaned_at from opening
            ), event as (
                insert into session_event (id, session_id, type, at)
                select event_id, id, 'OPENING', at from opening
            )
            """;

    /** Many at once; $19 to $23 the hard stop of their caller, or null. A key that is taken uses up no room. */
    private static final String FIRST =
            INTENTS + """
            , room as materialized (select case when $19::text is not null then budget_room($19, $20, $21, $22, $23) end as opens)
            , stored as (
            """ + OPEN + """
            and ($19::text is null or (
                    select true from liveness_session taken
                    where taken.caller = intent.caller and taken.idempotency_key = intent.idempotency_key) is null)
            """ + IN_ORDER + "limit (select opens from room)\n" + ONCE + ")" + BEGIN
                    + "select opens, id from room left join stored on true";

    /** One request; $19 the second event, $20 its detail. */
    private static final String FIRST_REFUSED = INTENTS + ", stored as (" + REJECTED + IN_ORDER + ONCE + """
            ), ended as (
                insert into session_end (caller, status, session_id, unhashed_since)
                select caller, 'REJECTED', id, created_at from stored
            )
            """
            + events("stored", "s.created_at", "($17::uuid[])[1]", "$19", "$20");

    private static final String REJECTED_BEFORE = """
            where id = $1 and attempt = $2 and status = 'REJECTED' and refusal_passing and thinned_at is null and erased_at is null
            """;

    /**
     * $1 the session, $2 its last attempt, $3 now, $4 when the opening counts as orphaned, $5 the event, $6 the caller, $7 the limit, $8 to
     * $12 the hard stop, or null.
     */
    private static final String AGAIN = """
            with room as materialized (select case when $8::text is not null then budget_room($8, $9, $10, $11, $12) end as opens),
            reopened as (
                update liveness_session
                set status = 'OPENING', attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null,
                    refusal_passing = null, key_hash = null, key_hashed_at = null, updated_at = $3
                """ + REJECTED_BEFORE + """
                and ($7::int is null or session_may_open($6, $7)) and coalesce((select opens from room) > 0, true)
                returning id, caller, attempt
            ), ended_no_more as (
                delete from session_end e using reopened r
                where e.caller = r.caller and e.status = 'REJECTED' and e.session_id = r.id
            ), scheduled as (
                insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at)
                select caller, id, 'OPENING', attempt, $3, $4 from reopened
            ), event as (
                insert into session_event (id, session_id, type, at)
                select $5, id, 'OPENING', $3 from reopened
                returning session_id as id
            )
            select opens, id from room left join event on true
            """;

    /** $1 to $3 as above, $4 and $5 the two events, $6 the caller, $7 the limit, $8 the detail of the second event. */
    private static final String AGAIN_REFUSED = """
            with refused as (
                update liveness_session
                set attempt = attempt + 1, init_at = $3, task_no = null, refusal_code = null, key_hash = null,
                    key_hashed_at = null, updated_at = $3
                """ + REJECTED_BEFORE + """
                and ($7::int is null or session_may_open($6, $7))
                returning id, caller
            ), ended as (
                update session_end e set unhashed_since = $3 from refused r
                where e.caller = r.caller and e.status = 'REJECTED' and e.session_id = r.id
            )
            """ + events("refused", "$3", "$4", "$5", "$8");

    private final Database database;
    private final Sealing sealing;
    /** Null without one. */
    private final Integer limit;

    private final Refusals refusals;
    private final BudgetLimit budget;
    private final Batcher<Opening, Stored> batcher = new Batcher<>(openings -> first(openings, Optional.empty()));
    // As many as there are callers whose budget has a hard stop.
    private final Map<String, Batcher<Opening, Stored>> withinBudget = new ConcurrentHashMap<>();

    StoreIntent(Database database, Sealing sealing, OpenSessionsConfig config, Refusals refusals, BudgetLimit budget) {
        this.database = database;
        this.sealing = sealing;
        this.limit = config.openSessions().isPresent() ? config.openSessions().getAsInt() : null;
        this.refusals = refusals;
        this.budget = budget;
    }

    Uni<Stored> store(Opening opening) {
        return opening.attempt() == 1 ? insert(opening) : reopen(opening);
    }

    /** Stores the intent of a new session. With a limit each one alone, since a statement counts what was stored before it. */
    public Uni<Stored> insert(Opening opening) {
        if (limit != null) {
            return firstWithinBudget(List.of(opening)).map(stored -> stored.get(0));
        }
        return budget.hardStop(opening)
                .map(stop ->
                        withinBudget.computeIfAbsent(stop.caller(), caller -> new Batcher<>(this::firstWithinBudget)))
                .orElse(batcher)
                .send(opening);
    }

    /** @param openings of one caller; its budget may have changed since they were sent here */
    private Uni<List<Stored>> firstWithinBudget(List<Opening> openings) {
        return first(openings, budget.hardStop(openings.get(openings.size() - 1)));
    }

    private Uni<List<Stored>> first(List<Opening> openings, Optional<HardStop> stop) {
        Columns<Opening> columns = ofRequests(openings);
        arguments(stop).forEach(columns::same);
        return stored(openings, FIRST, columns.tuple());
    }

    private static List<Object> arguments(Optional<HardStop> stop) {
        return stop.map(HardStop::arguments).orElse(Arrays.asList(null, null, null, null, null));
    }

    private Uni<List<Stored>> stored(List<Opening> openings, String sql, Tuple arguments) {
        return database.execute(Connections.SHARED, sql, arguments, rows -> {
            Set<UUID> ids = new HashSet<>();
            Long room = null;
            for (Row row : rows) {
                ids.add(row.getUUID("id"));
                room = row.getLong("opens");
            }
            ids.remove(null);
            Stored ifNot = room == null || ids.size() < room ? Stored.NOT_STORED : Stored.OVER_BUDGET;
            return openings.stream()
                    .map(opening -> ids.contains(opening.id()) ? Stored.STORED : ifNot)
                    .toList();
        });
    }

    /** Stores the intent of another attempt. */
    private Uni<Stored> reopen(Opening opening) {
        List<Object> arguments = ofAttempt(opening, SqlValues.time(opening.orphanedAt()), opening.event());
        arguments.addAll(arguments(budget.hardStop(opening)));
        return stored(List.of(opening), AGAIN, Tuple.tuple(arguments)).map(stored -> stored.get(0));
    }

    /** Stores an intent, the first one or another, together with its refusal: no init may be sent for it. */
    Uni<Stored> refused(Opening opening, OpenOutcome.Refused refusal) {
        UUID rejected = SqlValues.newId(opening.startedAt());
        JsonObject detail = SqlValues.detail("reason", refusal.reason(), "passing", refusal.retryable());
        if (opening.attempt() == 1) {
            return stored(
                    FIRST_REFUSED,
                    ofRequests(List.of(opening)).same(rejected).same(detail).tuple());
        }
        List<Object> arguments = ofAttempt(opening, opening.event(), rejected);
        arguments.add(detail);
        return stored(AGAIN_REFUSED, Tuple.tuple(arguments));
    }

    private Uni<Stored> stored(String sql, Tuple arguments) {
        return database.execute(
                Connections.SHARED, sql, arguments, rows -> rows.rowCount() > 0 ? Stored.STORED : Stored.NOT_STORED);
    }

    /** The refusal when nothing was stored and the key leads to no session. */
    ProblemException refuse(Caller caller) {
        if (limit == null) {
            // The key was taken, and leads to nothing now: safe to repeat.
            return OpeningProblems.inFlight();
        }
        refusals.count(caller, RefusedBy.OPEN_SESSIONS);
        return OpeningProblems.tooManyOpen(limit);
    }

    /** $1 to $18 of the first attempts. */
    private Columns<Opening> ofRequests(List<Opening> openings) {
        return new Columns<>(openings)
                .add(UUID[]::new, Opening::id)
                .add(String[]::new, opening -> opening.caller().name())
                .add(String[]::new, Opening::idempotencyKey)
                .add(Buffer[]::new, opening -> SqlValues.bytes(opening.requestHash()))
                .add(String[]::new, opening -> opening.request().returnUrl())
                .add(String[]::new, opening -> opening.request().actionStyle().name())
                .add(String[]::new, opening -> actions(opening.request()))
                .add(Boolean[]::new, opening -> opening.request().actionMutex())
                .add(Boolean[]::new, opening -> opening.request().antiCameraHack())
                .add(String[]::new, opening -> opening.request().title())
                .add(String[]::new, opening -> opening.request().reference())
                .add(JsonObject[]::new, opening -> metadata(opening.request()))
                .add(String[]::new, opening -> opening.request().costCentre())
                .add(OffsetDateTime[]::new, opening -> SqlValues.time(opening.startedAt()))
                .add(Buffer[]::new, this::keyHash)
                .add(OffsetDateTime[]::new, opening -> SqlValues.time(opening.orphanedAt()))
                .add(UUID[]::new, Opening::event)
                .same(limit);
    }

    private Buffer keyHash(Opening opening) {
        return SqlValues.bytes(sealing.keyHash(opening.caller().name(), opening.idempotencyKey()));
    }

    static String actions(OpenSessionRequest request) {
        return request.actions().stream().map(Action::name).collect(Collectors.joining(","));
    }

    static JsonObject metadata(OpenSessionRequest request) {
        return request.metadata() == null ? null : JsonObject.mapFrom(request.metadata());
    }

    /** $1 to $7 of a further attempt. */
    private List<Object> ofAttempt(Opening opening, Object fourth, Object fifth) {
        List<Object> arguments = new ArrayList<>(
                List.of(opening.id(), opening.attempt() - 1, SqlValues.time(opening.startedAt()), fourth, fifth));
        arguments.add(opening.caller().name());
        arguments.add(limit);
        return arguments;
    }

    private static String store(String statusAndPassing) {
        return "insert into liveness_session (" + OF_REQUEST + """
                , status, refusal_passing, charge_status, attempt, init_at, created_at, updated_at)
                select
                """ + OF_REQUEST + ", " + statusAndPassing + """
                , 'NONE', 1, at, at, at
                from intent
                where ($18::int is null or session_may_open(caller, $18)) and id not in (select id from kept)
                """;
    }

    private static String events(String of, String at, String first, String second, String detail) {
        return "insert into session_event (id, session_id, type, at, detail)\n"
                + "select e.id, s.id, e.type, " + at + ", e.detail from " + of + " s,\n"
                + "(values (1, " + first + "::uuid, 'OPENING', '{}'::jsonb), (2, " + second + "::uuid, 'REJECTED', "
                + detail + "::jsonb))"
                + " e (nth, id, type, detail)\n"
                + "order by e.nth";
    }
}
