package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.events.Outbox;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads deliveries of an endpoint, and has them attempted again. Whose endpoint it is, is for the caller of this class to ask. In each
 * statement $1 is the endpoint.
 */
@Singleton
class Deliveries {

    private static final String PENDING =
            "event_id, session_id, type, at, 'PENDING' as status, attempts, next_attempt_at, null::timestamptz as ended_at";
    private static final String ENDED =
            "event_id, session_id, type, at, status, attempts, null::timestamptz as next_attempt_at, ended_at";

    private final Database database;
    private final Outbox outbox;
    private final Clock clock;

    Deliveries(Database database, Outbox outbox, Clock clock) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** $2 from which event, $3 before which, $4 how many; the same in the next ones. */
    private static final String LIST_PENDING = """
            select %s from webhook_outbox
            where endpoint_id = $1 and event_id >= $2 and event_id < $3
            order by endpoint_id desc, event_id desc limit $4
            """.formatted(PENDING);

    /** $5 the status. */
    private static final String LIST_ENDED = """
            select %s from webhook_delivery
            where endpoint_id = $1 and event_id >= $2 and event_id < $3 and status = $5
            order by endpoint_id desc, status desc, event_id desc limit $4
            """.formatted(ENDED);

    private static final String LIST = """
            select * from ((%s) union all (
                select %s from webhook_delivery
                where endpoint_id = $1 and event_id >= $2 and event_id < $3
                order by endpoint_id desc, event_id desc limit $4)) every
            order by event_id desc limit $4
            """.formatted(LIST_PENDING, ENDED);

    /**
     * Newest event first.
     *
     * @param from lowest id, inclusive
     * @param before highest id, exclusive
     */
    Uni<List<Delivery>> list(UUID endpoint, Optional<Delivery.Status> status, UUID from, UUID before, int limit) {
        Tuple arguments = Tuple.of(endpoint, from, before, limit);
        if (status.isEmpty()) {
            return read(LIST, arguments);
        }
        return status.get() == Delivery.Status.PENDING
                ? read(LIST_PENDING, arguments)
                : read(LIST_ENDED, arguments.addString(status.get().name()));
    }

    /** $2 the event. */
    private static final String GET = """
            select %s from webhook_outbox where endpoint_id = $1 and event_id = $2
            union all
            select %s from webhook_delivery where endpoint_id = $1 and event_id = $2
            """.formatted(PENDING, ENDED);

    Uni<Delivery> get(UUID endpoint, UUID event) {
        return read(GET, Tuple.of(endpoint, event)).map(Deliveries::found);
    }

    /** $2 the event. Due now; one that is under way may come twice. */
    private static final String REPLAY = """
            with ended as (
                delete from webhook_delivery where endpoint_id = $1 and event_id = $2 returning *
            ), again as (
                insert into webhook_outbox (endpoint_id, event_id, seq, session_id, type, at, data, attempts, next_attempt_at)
                select endpoint_id, event_id, seq, session_id, type, at, data, attempts, liveness_now() from ended
                returning *
            ), earlier as (
                update webhook_outbox set next_attempt_at = liveness_now(), attempt = 0, lease = lease + 1
                where endpoint_id = $1 and event_id = $2
                returning *
            )
            select %s from (select * from again union all select * from earlier) due
            """.formatted(PENDING);

    /** Attempts it now, under the same {@code webhook-id}. */
    Uni<Delivery> replay(UUID endpoint, UUID event) {
        Uni<List<Delivery>> replayed =
                database.execute(REPLAY, Tuple.of(endpoint, event)).map(Deliveries::all);
        // One that ended at that moment is in neither table for the first statement.
        return replayed.chain(
                        found -> found.isEmpty() ? replayed : Uni.createFrom().item(found))
                .map(Deliveries::found)
                .invoke(outbox::filled);
    }

    /** $2 the event, $3 its time. */
    private static final String TEST = """
            insert into webhook_outbox (endpoint_id, event_id, seq, type, at, data, next_attempt_at)
            values ($1, $2, nextval('session_event_seq_seq'), 'liveness.endpoint.test', $3, '{}', liveness_now())
            returning %s
            """.formatted(PENDING);

    /** Delivers an event that is about nothing but the endpoint. */
    Uni<Delivery> test(UUID endpoint) {
        Instant now = clock.instant();
        return database.execute(
                        TEST, Tuple.of(endpoint, UuidCreator.getTimeOrderedEpoch(now), now.atOffset(ZoneOffset.UTC)))
                .map(Deliveries::all)
                .map(Deliveries::found)
                .invoke(outbox::filled);
    }

    private Uni<List<Delivery>> read(String sql, Tuple arguments) {
        return database.read(sql, arguments).map(Deliveries::all);
    }

    private static List<Delivery> all(RowSet<Row> rows) {
        List<Delivery> all = new ArrayList<>();
        rows.forEach(row -> all.add(Delivery.of(row)));
        return all;
    }

    private static Delivery found(List<Delivery> deliveries) {
        return deliveries.stream().findFirst().orElseThrow(ProblemException::notFound);
    }
}
