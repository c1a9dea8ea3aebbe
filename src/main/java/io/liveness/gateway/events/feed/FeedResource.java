package io.liveness.gateway.events.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** The feed over HTTP: the events of a caller in the order of their numbers, as far as they are complete. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
@Singleton // it remembers the mark
class FeedResource {

    /**
     * $1 the caller, $2 after which number. An insert holds its lock on the table until its transaction has ended, and has it before it takes
     * a number. The number is that of an event that is stored, not the last one given: after a crash PostgreSQL may give that again. The locks
     * are read only when the caller has an event that it may not have read.
     */
    private static final String MARK = """
            with own as materialized (
                select greatest(
                    (select seq from session_event where caller = $1 order by caller desc, seq desc limit 1),
                    (select seq from webhook_endpoint_event where caller = $1 order by caller desc, seq desc limit 1)) as newest
            )
            select epoch, coalesce(goes_on_after, 0) as goes_on_after,
                greatest(
                    own.newest,
                    (select seq from session_event
                     where type in ('OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF')
                     order by seq desc limit 1)) as newest,
                case when own.newest > $2 then array(
                    select l.virtualtransaction from pg_locks l
                    where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted
                      and l.database = (select oid from pg_database where datname = current_database())
                      and l.relation in ('session_event'::regclass, 'webhook_endpoint_event'::regclass)) end as writing
            from feed_epoch cross join own where only_row
            """;

    /** $1 the caller, $2 after which number, $3 how many, $4 up to which number. */
    private static final String READ = """
            with event as (
                (select e.seq, e.id, e.session_id, null::uuid as endpoint_id, e.at, e.detail as data,
                        case e.type
                            when 'OUTCOME_UNKNOWN' then 'liveness.session.unknown'
                            when 'ERASED' then 'liveness.session.redacted'
                            else 'liveness.session.settled'
                        end as type,
                        case e.type when 'OUTCOME_UNKNOWN' then 'UNKNOWN' else e.detail ->> 'status' end as status,
                        case e.type when 'OUTCOME_UNKNOWN' then 'UNCONFIRMED' else e.detail ->> 'charge' end as charge
                 from session_event e
                 where e.caller = $1 and e.seq > $2 and e.seq <= $4
                 order by e.caller, e.seq limit $3)
                union all
                (select e.seq, e.id, null, e.endpoint_id, e.at, e.data, e.type, null, null
                 from webhook_endpoint_event e
                 where e.caller = $1 and e.seq > $2 and e.seq <= $4
                 order by e.caller, e.seq limit $3)
                order by seq limit $3
            )
            select e.seq, e.id, e.session_id, e.endpoint_id, e.type, e.at, e.status, e.charge, e.data ->> 'reason' as reason, e.data ->> 'error' as error,
                   (select s.reference from liveness_session s where s.id = e.session_id) as reference
            from event e order by e.seq
            """;

    private final Database database;
    private final SecurityIdentity identity;
    private final AtomicReference<FeedMark> mark = new AtomicReference<>(FeedMark.NONE);

    FeedResource(Database database, SecurityIdentity identity) {
        this.database = database;
        this.identity = identity;
    }

    /** An event of the feed. Its type, timestamp and data are those of the webhook. */
    record Event(UUID id, String type, Instant timestamp, Data data) {

        /** What happened to what. */
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record Data(
                UUID sessionId,
                String reference,
                String status,
                String chargeStatus,
                UUID endpointId,
                String reason,
                String error) {}

        private static Event of(Row row) {
            return new Event(
                    row.getUUID("id"),
                    row.getString("type"),
                    row.getOffsetDateTime("at").toInstant(),
                    new Data(
                            row.getUUID("session_id"),
                            row.getString("reference"),
                            row.getString("status"),
                            row.getString("charge"),
                            row.getUUID("endpoint_id"),
                            row.getString("reason"),
                            row.getString("error")));
        }
    }

    /**
     * A place in the feed of a caller.
     *
     * @param epoch of the database: another one after each restore
     * @param number of the last event before it
     */
    record Cursor(long epoch, long number) {

        /** @param token of the parameter {@code after} */
        static Cursor decode(String token, String caller) {
            UUID place = PageToken.decode("after", token, of(caller)).after();
            return new Cursor(place.getMostSignificantBits(), place.getLeastSignificantBits());
        }

        private String encode(String caller) {
            return new PageToken(new UUID(epoch, number)).encode(of(caller));
        }

        private static List<?> of(String caller) {
            return List.of("feed", caller);
        }
    }

    /**
     * A part of the feed.
     *
     * @param next the cursor of the next part
     */
    record Part(List<Event> items, String next) {}

    /** @param after the cursor where the part begins; null for the first one */
    @GET
    public Uni<Part> list(@QueryParam("after") String after, @QueryParam("pageSize") String pageSize) {
        String caller = Caller.of(identity).name();
        Optional<Cursor> cursor = Optional.ofNullable(after).map(token -> Cursor.decode(token, caller));
        int limit = Parameters.pageSize(pageSize);
        // Known before the look begins. When another look has moved the mark meanwhile, that one counts.
        FeedMark known = mark.get();
        long number = cursor.map(Cursor::number).orElse(0L);
        return database.read(MARK, Tuple.of(caller, number))
                .map(rows -> rows.iterator().next())
                .chain(row -> {
                    long epoch = row.getLong("epoch");
                    Cursor from = new Cursor(epoch, number);
                    cursor.ifPresent(given -> refuseAnotherEpoch(given, caller, row));
                    String[] writing = row.getArrayOfStrings("writing");
                    if (writing == null) {
                        return Uni.createFrom().item(new Part(List.of(), from.encode(caller)));
                    }
                    FeedMark next = known.after(epoch, row.getLong("newest"), Set.copyOf(List.of(writing)));
                    mark.compareAndSet(known, next);
                    return database.read(READ, Tuple.of(caller, number, limit, next.complete()))
                            .map(events -> part(events, from, caller));
                });
    }

    /** What was given out before a restore goes on with what came after it. */
    private static void refuseAnotherEpoch(Cursor cursor, String caller, Row row) {
        long epoch = row.getLong("epoch");
        if (cursor.epoch() != epoch) {
            Cursor next = new Cursor(epoch, Math.min(cursor.number(), row.getLong("goes_on_after")));
            throw new ProblemException(
                            ProblemCode.FEED_RESTORED,
                            "The gateway's database was restored since this cursor was given. Go on with `next`, and ignore events that you"
                                    + " have. What happened shortly before the restore may be missing: read the sessions that you wait for.")
                    .next(next.encode(caller));
        }
    }

    private static Part part(RowSet<Row> rows, Cursor from, String caller) {
        List<Event> events = new ArrayList<>();
        long last = from.number();
        for (Row row : rows) {
            events.add(Event.of(row));
            last = row.getLong("seq");
        }
        return new Part(events, new Cursor(from.epoch(), last).encode(caller));
    }
}
