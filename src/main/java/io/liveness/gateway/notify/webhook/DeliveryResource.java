package io.liveness.gateway.notify.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.f4b6a3.uuid.UuidCreator;
import com.github.f4b6a3.uuid.util.UuidUtil;
import io.liveness.gateway.check.ChargeStatus;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.notify.Event;
import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.notify.feed.FindStart;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Deliveries and replays of an endpoint over HTTP. In each statement $1 is the endpoint. */
@Path(EndpointResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class DeliveryResource {

    private static final int ACCEPTED = 202;

    /** What {@link Delivery#of} reads. */
    static final String COLUMNS = """
            endpoint_id, event_id, session_id, type, at, status, without_answers(attempts) as attempts, ended_at,
            greatest(next_attempt_at, leased_until) as next_attempt_at""";

    /** Has a delivery attempted as if it were a new one. One that is under way may come twice. */
    static final String AGAIN = """
            status = 'PENDING', attempt = 0, next_attempt_at = liveness_now(), leased_until = null, ended_at = null, lease = lease + 1""";

    private final Database database;
    private final Endpoints endpoints;
    private final Outbox outbox;
    private final FindStart start;
    private final Clock clock;
    private final SecurityIdentity identity;

    DeliveryResource(
            Database database,
            Endpoints endpoints,
            Outbox outbox,
            FindStart start,
            Clock clock,
            SecurityIdentity identity) {
        this.database = database;
        this.endpoints = endpoints;
        this.outbox = outbox;
        this.start = start;
        this.clock = clock;
        this.identity = identity;
    }

    /**
     * A delivery of an event as the API shows it: null is left out.
     *
     * @param id of the event
     * @param attempts as {@link SendWebhook.SentWebhook#stored} has each; the answers are in one delivery alone
     * @param body as it was sent, or will be; in one delivery alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delivery(
            UUID id,
            UUID endpointId,
            UUID sessionId,
            String type,
            Instant at,
            DeliveryStatus status,
            List<Map<String, Object>> attempts,
            Instant nextAttemptAt,
            Instant endedAt,
            String body) {

        /** How far a delivery is. */
        enum DeliveryStatus {
            /**
             * The delivery is due or under way, or waits for its next attempt, an earlier event of its session, or a
             * resume.
             */
            PENDING,
            /** The receiver answered 2xx. */
            DELIVERED,
            /** No more attempts are made, unless it is replayed. */
            FAILED
        }

        static Delivery of(Row row) {
            return of(row, "attempts", null);
        }

        private static Delivery of(Row row, String attempts, String body) {
            return new Delivery(
                    row.getUUID("event_id"),
                    row.getUUID("endpoint_id"),
                    row.getUUID("session_id"),
                    row.getString("type"),
                    Database.time(row, "at"),
                    DeliveryStatus.valueOf(row.getString("status")),
                    row.getJsonArray(attempts).stream()
                            .map(attempt -> ((JsonObject) attempt).getMap())
                            .toList(),
                    Database.time(row, "next_attempt_at"),
                    Database.time(row, "ended_at"),
                    body);
        }
    }

    /** What a test looks like, as it was asked for: the event of a session that does not exist, or of an endpoint. */
    static class TestQuery {

        private static final SessionStatus[] VERDICTS =
                SessionStatus.PENDING.next().toArray(SessionStatus[]::new);

        @QueryParam("type")
        String type;

        /** The verdict of the session that the event tells. */
        @QueryParam("status")
        String status;

        private Optional<EventType> event() {
            return Parameters.optional(
                    "type", type, (name, given) -> Parameters.choice(name, EventType.values(), EventType::type, given));
        }

        private SessionStatus verdict() {
            return Parameters.optional(
                            "status", status, (name, given) -> Parameters.choice(name, VERDICTS, Enum::name, given))
                    .orElse(SessionStatus.PASSED);
        }

        /** {@link Event} adds the endpoint where it is about none of a session. */
        private JsonObject data(Optional<EventType> event) {
            if (status != null && !event.equals(Optional.of(EventType.SETTLED))) {
                throw ProblemException.invalid("status", "must be left out but for the type liveness.session.settled");
            }
            return event.map(this::like).orElseGet(JsonObject::new);
        }

        private JsonObject like(EventType event) {
            JsonObject data = new JsonObject().put("test", true);
            return switch (event) {
                case SETTLED -> outcome(data, verdict(), ChargeStatus.atEnd(verdict()));
                case UNKNOWN -> outcome(data, SessionStatus.UNKNOWN, ChargeStatus.UNCONFIRMED);
                case REDACTED -> ofSession(data);
                case ENDPOINT_PAUSED, ENDPOINT_DISABLED ->
                    data.put("reason", Endpoint.Reason.GONE.name()).put("error", "HTTP 410");
            };
        }

        private static JsonObject outcome(JsonObject data, SessionStatus status, ChargeStatus charge) {
            return ofSession(data).put("status", status.name()).put("chargeStatus", charge.name());
        }

        private static JsonObject ofSession(JsonObject data) {
            return data.put("sessionId", UuidCreator.getTimeOrderedEpoch().toString());
        }
    }

    /** $2 the event, $3 its time, $4 its type, $5 its data. */
    private static final String TEST = """
            insert into webhook_delivery (endpoint_id, event_id, seq, type, at, data, next_attempt_at, once)
            select id, $2, nextval('session_event_seq_seq'), $4, $3, $5, liveness_now(), true
            from webhook_endpoint where id = $1 and reason is distinct from 'OPERATOR'
            returning %s
            """.formatted(COLUMNS);

    /** Attempts once, and out of turn, an event that is about nothing but the endpoint, unless an operator has paused it. */
    @POST
    @Path("/{endpointId}/test")
    @ResponseStatus(ACCEPTED)
    public Uni<Delivery> test(@PathParam("endpointId") String id, @BeanParam TestQuery query) {
        Optional<EventType> event = query.event();
        String type = event.map(EventType::type).orElse("liveness.endpoint.test");
        JsonObject data = query.data(event);
        Instant now = clock.instant();
        return ofOwn(
                        id,
                        endpoint -> database.execute(
                                TEST,
                                Tuple.of(
                                        endpoint,
                                        UuidCreator.getTimeOrderedEpoch(now),
                                        SqlValues.time(now),
                                        type,
                                        data)))
                .map(rows ->
                        rows.stream().findFirst().map(Delivery::of).orElseThrow(EndpointResource::pausedByOperator))
                .invoke(outbox::filled);
    }

    /** The query of the list of deliveries, as it was written. */
    static class DeliveryQuery extends PageQuery {

        private static final UUID FIRST = new UUID(0, 0);

        @QueryParam("status")
        String status;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        /** The lowest id of an event of that time: ids are in the order of their times. */
        private static UUID bound(String name, String given, UUID none) {
            return Parameters.optional(name, given, Parameters::time)
                    .map(UuidCreator::getTimeOrderedEpochMin)
                    .orElse(none);
        }
    }

    /** $2 from which event, $3 before which, $4 how many. */
    private static final String LIST = """
            select %s from webhook_delivery
            where endpoint_id = $1 and event_id >= $2 and event_id < $3
            order by endpoint_id desc, event_id desc limit $4
            """.formatted(COLUMNS);

    /** $5 the status. */
    private static final String LIST_OF_STATUS = """
            select %s from webhook_delivery
            where endpoint_id = $1 and event_id >= $2 and event_id < $3 and status = $5
            order by endpoint_id desc, status desc, event_id desc limit $4
            """.formatted(COLUMNS);

    /** Newest event first. */
    @GET
    @Path("/{endpointId}/deliveries")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<Delivery>> list(@PathParam("endpointId") String id, @BeanParam DeliveryQuery query) {
        UUID endpoint = EndpointResource.endpointId(id);
        Optional<Delivery.DeliveryStatus> status = Parameters.optional(
                "status", query.status, (name, given) -> Parameters.choice(name, Delivery.DeliveryStatus.class, given));
        UUID from = DeliveryQuery.bound("from", query.from, DeliveryQuery.FIRST);
        UUID to = DeliveryQuery.bound("to", query.to, EndpointResource.LAST);
        List<?> filters = List.of(endpoint, status, from, to);
        Tuple parameters = Tuple.of(endpoint, from, query.after(filters).orElse(to), query.size() + 1);
        return endpoints
                .get(endpoint, Viewer.of(identity).whose())
                .chain(() -> list(status, parameters))
                .map(rows -> rows.stream().map(Delivery::of).toList())
                .map(all -> query.page(all, filters, Delivery::id));
    }

    private Uni<RowSet<Row>> list(Optional<Delivery.DeliveryStatus> status, Tuple parameters) {
        return status.map(wanted -> database.read(LIST_OF_STATUS, parameters.addString(wanted.name())))
                .orElseGet(() -> database.read(LIST, parameters));
    }

    /** $2 the event. An answer that was recorded during the erasure of its session is not shown. */
    private static final String ONE = """
            select d.*, s.reference,
                   case when s.erased_at is null and s.thinned_at is null then d.stored else d.attempts end as answered
            from (
                select %s, data, attempts as stored from webhook_delivery where endpoint_id = $1 and event_id = $2) d
            left join session_outcome s on s.session_id = d.session_id
            """.formatted(COLUMNS);

    /** With its body and the answers to it, for its owner alone. */
    @GET
    @Path("/{endpointId}/deliveries/{deliveryId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Delivery> get(@PathParam("endpointId") String id, @PathParam("deliveryId") String deliveryId) {
        UUID endpoint = EndpointResource.endpointId(id);
        UUID event = Parameters.uuid("deliveryId", deliveryId);
        return endpoints
                .get(endpoint, Viewer.of(identity).whose())
                .chain(found -> database.read(ONE, Tuple.of(endpoint, event))
                        .map(Database::only)
                        .map(row -> found.caller.equals(Caller.of(identity).name())
                                ? Delivery.of(row, "answered", Event.of(row).body())
                                : Delivery.of(row)));
    }

    /** $2 the event. */
    private static final String REPLAY =
            "update webhook_delivery set " + AGAIN + " where endpoint_id = $1 and event_id = $2 returning " + COLUMNS;

    /** Attempts it now, under the same {@code webhook-id}. */
    @POST
    @Path("/{endpointId}/deliveries/{deliveryId}/replay")
    @ResponseStatus(ACCEPTED)
    public Uni<Delivery> replay(@PathParam("endpointId") String id, @PathParam("deliveryId") String deliveryId) {
        UUID event = Parameters.uuid("deliveryId", deliveryId);
        return ofOwn(id, endpoint -> database.execute(REPLAY, Tuple.of(endpoint, event)))
                .map(Database::only)
                .map(Delivery::of)
                .invoke(outbox::filled);
    }

    /** What a replay delivers, of the events of its window. */
    enum Replayed {
        /** What has failed. */
        FAILED,
        /** What no delivery is left of: the endpoint was disabled, or was created later. */
        MISSED,
        /** All, also what was delivered. */
        ALL
    }

    /** A window, and what is delivered of it. */
    record ReplayRequest(@NotNull(message = "is required") String from, String until, Replayed status) {

        private Instant since() {
            return Parameters.time("from", from);
        }

        /** The end is the present time at the latest: what happens from now on comes by itself. */
        private Instant end(Instant now) {
            if (since().isAfter(now)) {
                throw ProblemException.invalid("from", "must not be later than the present time");
            }
            Instant end = Parameters.optional("until", until, Parameters::time).orElse(now);
            if (until != null && !end.isAfter(since())) {
                throw ProblemException.invalid("until", "must be later than from");
            }
            return end.isAfter(now) ? now : end;
        }

        private Replayed what() {
            return status == null ? Replayed.FAILED : status;
        }
    }

    /** A replay as the API shows it. {@code endedAt} is null while it is under way. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Replay(
            UUID id, Instant from, Instant until, Replayed status, long replayed, Instant createdAt, Instant endedAt) {

        private static final String COLUMNS = "id, since, until, status, replayed, created_at, ended_at";

        private static Replay of(Row row) {
            return new Replay(
                    row.getUUID("id"),
                    Database.time(row, "since"),
                    Database.time(row, "until"),
                    Replayed.valueOf(row.getString("status")),
                    row.getLong("replayed"),
                    Database.time(row, "created_at"),
                    Database.time(row, "ended_at"));
        }
    }

    /** $2 id, $3 what is delivered, $4 since when, $5 until when, $6 after which number. The one that is under way, if there is another. */
    private static final String START_REPLAY = """
            with started as (
                insert into webhook_job (id, endpoint_id, kind, status, since, until, seq, created_at)
                values ($2, $1, 'REPLAY', $3, $4, $5, $6, liveness_now())
                on conflict (endpoint_id, kind) where ended_at is null do nothing
                returning *
            )
            select * from started
            union all
            select * from webhook_job where endpoint_id = $1 and kind = 'REPLAY' and ended_at is null
            """;

    /** What has failed and is kept. Events have ids of their time or before. */
    private static final String OLDEST_FAILED = """
            select event_id from webhook_delivery where endpoint_id = $1 and status = 'FAILED'
            order by endpoint_id, status, event_id limit 1
            """;

    /** {@link RunJobs} does it. */
    @POST
    @Path("/{endpointId}/replays")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(ACCEPTED)
    public Uni<Replay> startReplay(
            @PathParam("endpointId") String id, @NotNull(message = "is required") @Valid ReplayRequest request) {
        Instant since = request.since();
        Instant until = request.end(clock.instant());
        String caller = Caller.of(identity).name();
        UUID replay = UuidCreator.getTimeOrderedEpoch();
        return ofOwn(
                        id,
                        endpoint -> begin(endpoint, request.what(), since, until)
                                .chain(from -> start.find(caller, from))
                                // One that began at that moment is not seen by the first statement.
                                .chain(found -> untilSeen(
                                        START_REPLAY,
                                        Tuple.of(
                                                endpoint,
                                                replay,
                                                request.what().name(),
                                                SqlValues.time(since),
                                                SqlValues.time(until),
                                                found.number()))))
                .map(rows -> {
                    Optional<Replay> begun = rows.stream().findFirst().map(Replay::of);
                    return begun.filter(own -> own.id().equals(replay)).orElseThrow(() -> underWay(begun));
                });
    }

    /** @param other empty when it ended at that moment */
    private static ProblemException underWay(Optional<Replay> other) {
        return new ProblemException(
                        ProblemCode.REPLAY_UNDER_WAY,
                        "A replay of this endpoint is under way. Start another one when it has ended, or end it.")
                .reasons(other
                        .map(replay -> new Problem.Reason(
                                "replay-under-way",
                                "GET …/replays/" + replay.id() + " shows how far it is, DELETE ends it.",
                                Map.of("replayId", replay.id().toString())))
                        .stream()
                        .toList());
    }

    /**
     * When a replay begins: one of failed deliveries begins at the oldest that is kept, since no earlier event has one
     * left.
     */
    private Uni<Instant> begin(UUID endpoint, Replayed what, Instant since, Instant until) {
        if (what != Replayed.FAILED) {
            return Uni.createFrom().item(since);
        }
        return database.read(OLDEST_FAILED, Tuple.of(endpoint))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> UuidUtil.getInstant(row.getUUID("event_id")))
                        .orElse(until))
                .map(oldest -> oldest.isAfter(since) ? oldest : since);
    }

    /** $2 id. */
    private static final String GET_REPLAY = """
            select %s from webhook_job
            where id = $2 and endpoint_id = $1 and kind = 'REPLAY'
            """.formatted(Replay.COLUMNS);

    @GET
    @Path("/{endpointId}/replays/{replayId}")
    public Uni<Replay> getReplay(@PathParam("endpointId") String id, @PathParam("replayId") String replayId) {
        UUID replay = Parameters.uuid("replayId", replayId);
        return ofOwn(id, endpoint -> database.read(GET_REPLAY, Tuple.of(endpoint, replay)))
                .map(Database::only)
                .map(Replay::of);
    }

    /** $2 id. One that has ended stays as it is. */
    private static final String END_REPLAY = """
            update webhook_job set ended_at = coalesce(ended_at, liveness_now())
            where id = $2 and endpoint_id = $1 and kind = 'REPLAY'
            returning id
            """;

    /** What it has made due stays. */
    @DELETE
    @Path("/{endpointId}/replays/{replayId}")
    public Uni<Void> endReplay(@PathParam("endpointId") String id, @PathParam("replayId") String replayId) {
        UUID replay = Parameters.uuid("replayId", replayId);
        return ofOwn(id, endpoint -> database.execute(END_REPLAY, Tuple.of(endpoint, replay)))
                .invoke(Database::only)
                .replaceWithVoid();
    }

    /** An endpoint that is not the caller's is not found. */
    private Uni<RowSet<Row>> ofOwn(String id, Function<UUID, Uni<RowSet<Row>>> work) {
        UUID endpoint = EndpointResource.endpointId(id);
        return endpoints.get(endpoint, Optional.of(Caller.of(identity).name())).chain(() -> work.apply(endpoint));
    }

    /** Runs the statement once more when it has not seen what another one has just written. */
    private Uni<RowSet<Row>> untilSeen(String sql, Tuple parameters) {
        Uni<RowSet<Row>> rows = database.execute(sql, parameters);
        return rows.chain(seen -> seen.size() == 0 ? rows : Uni.createFrom().item(seen));
    }
}
