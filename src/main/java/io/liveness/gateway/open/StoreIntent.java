package io.liveness.gateway.open;

import io.liveness.gateway.open.BudgetLimit.HardStop;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.schedule.HeldOpenings;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.SqlValues;
import io.liveness.gateway.vendor.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
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
 * The first step of opening: stores the intent under the caller's key before init is sent. One statement is one transaction; intents that
 * arrive together share it. Of a caller whose budget has a hard stop they share one of the caller's own, which decides whether they fit
 * into the budget.
 *
 * <p>Each intent names the attempt it begins. It is not stored when the key is taken or another request was faster, and not when the key's
 * session is thinned or erased, or soon will be thinned. An intent for which no init may be sent is stored as rejected at once, with both
 * of its events: it is never open, so it is not on the schedule and no read waits for it. Its refusal is retryable: nothing was sent.
 *
 * <p>The length of one array is hidden from the planner, so that its estimate is never below the ten rows of a plan for any values, and
 * that plan is kept.
 *
 * <p>The limit of open sessions is a parameter, null without one. {@code session_may_open} locks out the caller's other opens until the
 * statement is over.
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
        OVER_SHARE,
        /** No init may be sent now. */
        UNSENT
    }

    static final String OF_REQUEST = """
            id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex, anti_camera_hack, title, reference,
            metadata, cost_centre
            """;

    /**
     * Many at once: $1 to $13 what is stored of the requests, $14 when they came, $15 the hashes of their keys, $16 when the openings count as
     * orphaned, $17 the events, $18 the attempts, $19 the second events and $20 their details, null of those that may be sent, $21 the
     * limit, $22 to $26 the hard stop of their caller, or null, $27 this process. A key that is taken uses up no room. Keys are inserted in
     * one order, so that two statements with the same keys cannot deadlock. The status is compared as in {@link TakeBackIntents}.
     */
    private static final String STORE = """
            with intent as materialized (
                select * from unnest((select $1::uuid[]), $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[],
                                     $8::bool[], $9::bool[], $10::text[], $11::text[], $12::jsonb[], $13::text[], $14::timestamptz[],
                                     $15::bytea[], $16::timestamptz[], $17::uuid[], $18::int[], $19::uuid[], $20::jsonb[])
                    as i (""" + OF_REQUEST + """
                    , at, key_hash, orphaned_at, event_id, attempt, rejected_id, refusal)
            ), kept as materialized (
                select i.id from intent i
                cross join lateral (
                    select from liveness_session s where s.caller = i.caller and s.key_hash = i.key_hash limit 1) thinned
            ), room as materialized (
                select case when $22::text is not null then budget_room($22, $23, $24, $25, $26) end as opens
            ), allowed as materialized (
                select * from intent
                where ($21::int is null or session_may_open(caller, $21))
                  and (attempt > 1 or id not in (select id from kept) and ($22::text is null or (
                        select true from liveness_session taken
                        where taken.caller = intent.caller and taken.idempotency_key = intent.idempotency_key) is null))
                order by caller, idempotency_key
                limit (select opens from room)
            ), inserted as (
                insert into liveness_session (""" + OF_REQUEST + """
                    , status, refusal_passing, charge_status, attempt, init_at, created_at, updated_at)
                select
                """ + OF_REQUEST + """
                    , case when refusal is null then 'OPENING' else 'REJECTED' end, case when refusal is not null then true end,
                    'NONE', 1, at, at, at
                from allowed where attempt = 1
                on conflict on constraint one_session_per_key do nothing
                returning id
            ), reopened as (
                update liveness_session s
                set status = case when a.refusal is null then 'OPENING' else 'REJECTED' end,
                    refusal_passing = case when a.refusal is not null then true end,
                    attempt = a.attempt, init_at = a.at, task_no = null, refusal_code = null, key_hash = null, key_hashed_at = null,
                    updated_at = a.at
                from allowed a
                where a.attempt > 1 and s.id = a.id and s.attempt = a.attempt - 1 and s.status || '' = 'REJECTED' and s.refusal_passing
                  and s.thinned_at is null and s.erased_at is null
                returning a.event_id
            ), stored as materialized (
                select a.* from inserted join allowed a using (id)
                union all
                select a.* from reopened join allowed a using (event_id)
            ), scheduled as (
                insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at, opener)
                select caller, id, 'OPENING', attempt, at, orphaned_at, $27::uuid from stored where refusal is null
            ), ended_no_more as (
                delete from session_end e using stored s
                where s.attempt > 1 and s.refusal is null and e.caller = s.caller and e.status = 'REJECTED' and e.session_id = s.id
            ), ended as (
                insert into session_end (caller, status, session_id, unhashed_since)
                select caller, 'REJECTED', id, at from stored where refusal is not null
                on conflict (caller, status, session_id) do update set unhashed_since = excluded.unhashed_since
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select e.id, s.id, e.type, s.at, e.detail
                from stored s
                cross join lateral (
                    values (1, s.event_id, 'OPENING', '{}'::jsonb), (2, s.rejected_id, 'REJECTED', s.refusal)) e (place, id, type, detail)
                where e.id is not null
                order by e.place
            )
            select opens, event_id from room left join stored on true
            """;

    private final Database database;
    private final Sealing sealing;
    /** Null without one. */
    private final Integer limit;

    private final Refusals refusals;
    private final BudgetLimit budget;
    private final HeldOpenings held;
    private final Batcher<Opening, Stored> batcher = new Batcher<>(openings -> store(openings, Optional.empty(), null));
    // As many as there are callers whose budget has a hard stop.
    private final Map<String, Batcher<Opening, Stored>> withinBudget = new ConcurrentHashMap<>();

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
        this.limit = config.openSessions().isPresent() ? config.openSessions().getAsInt() : null;
        this.refusals = refusals;
        this.budget = budget;
    }

    /** Stores the intent of an opening. With a limit each one alone, since a statement counts what was stored before it. */
    public Uni<Stored> store(Opening opening) {
        Optional<HardStop> stop = hardStop(opening);
        if (limit != null) {
            return store(List.of(opening), stop, limit).map(stored -> stored.get(0));
        }
        return stop.map(HardStop::caller)
                .map(caller -> withinBudget.computeIfAbsent(caller, name -> new Batcher<>(this::storeWithinBudget)))
                .orElse(batcher)
                .send(opening);
    }

    /** Stores an intent that the database has lost since its init was sent. No limit holds it up: the fee is taken. */
    Uni<Stored> storeAgain(Opening opening) {
        return store(List.of(opening), Optional.empty(), null).map(stored -> stored.get(0));
    }

    /** Of an opening that may take a fee. */
    private Optional<HardStop> hardStop(Opening opening) {
        return opening.unsent().isPresent() ? Optional.empty() : budget.hardStop(opening);
    }

    /** @param openings of one caller; its budget may have changed since they were sent here */
    private Uni<List<Stored>> storeWithinBudget(List<Opening> openings) {
        return store(openings, hardStop(openings.get(openings.size() - 1)), null);
    }

    private Uni<List<Stored>> store(List<Opening> openings, Optional<HardStop> stop, Integer atMost) {
        Columns<Opening> columns = columns(openings).same(atMost);
        stop.map(HardStop::arguments)
                .orElse(Arrays.asList(null, null, null, null, null))
                .forEach(columns::same);
        columns.same(held.process());
        return database.execute(Connections.SHARED, STORE, columns.tuple(), rows -> {
            Set<UUID> events = new HashSet<>();
            Long room = null;
            for (Row row : rows) {
                events.add(row.getUUID("event_id"));
                room = row.getLong("opens");
            }
            events.remove(null);
            Stored ifNot = room == null || events.size() < room ? Stored.NOT_STORED : Stored.OVER_BUDGET;
            return openings.stream()
                    .map(opening -> events.contains(opening.event()) ? Stored.STORED : ifNot)
                    .toList();
        });
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

    /** $1 to $20. */
    private Columns<Opening> columns(List<Opening> openings) {
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
                .add(
                        Buffer[]::new,
                        opening ->
                                SqlValues.bytes(sealing.keyHash(opening.caller().name(), opening.idempotencyKey())))
                .add(OffsetDateTime[]::new, opening -> SqlValues.time(opening.orphanedAt()))
                .add(UUID[]::new, Opening::event)
                .add(Integer[]::new, Opening::attempt)
                .add(
                        UUID[]::new,
                        opening -> opening.unsent()
                                .map(why -> SqlValues.newId(opening.startedAt()))
                                .orElse(null))
                .add(
                        JsonObject[]::new,
                        opening -> opening.unsent()
                                .map(why -> SqlValues.detail("reason", why.reason(), "passing", true))
                                .orElse(null));
    }

    static String actions(OpenSessionRequest request) {
        return request.actions().stream().map(Action::name).collect(Collectors.joining(","));
    }

    static JsonObject metadata(OpenSessionRequest request) {
        return request.metadata() == null ? null : JsonObject.mapFrom(request.metadata());
    }
}
