package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.events.EventKind;
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

/** Reads deliveries of an endpoint, and has them attempted again. Whose endpoint it is, is for the caller of this class to ask. */
@Singleton
class Deliveries {

    private final Database database;
    private final Outbox outbox;
    private final Clock clock;

    Deliveries(Database database, Outbox outbox, Clock clock) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Newest event first.
     *
     * @param from lowest id, inclusive
     * @param before highest id, exclusive
     */
    Uni<List<DeliveryView>> list(UUID endpoint, Optional<DeliveryStatus> status, UUID from, UUID before, int limit) {
        Tuple arguments = Tuple.of(endpoint, from, before, limit);
        if (status.isEmpty()) {
            return read(HistorySql.LIST, arguments);
        }
        return status.get() == DeliveryStatus.PENDING
                ? read(HistorySql.LIST_PENDING, arguments)
                : read(HistorySql.LIST_ENDED, arguments.addString(status.get().name()));
    }

    Uni<DeliveryView> get(UUID endpoint, UUID event) {
        return read(HistorySql.GET, Tuple.of(endpoint, event)).map(Deliveries::found);
    }

    /** Attempts it now, under the same {@code webhook-id}. */
    Uni<DeliveryView> replay(UUID endpoint, UUID event) {
        Uni<List<DeliveryView>> replayed =
                database.execute(HistorySql.REPLAY, Tuple.of(endpoint, event)).map(Deliveries::views);
        // One that ended at that moment is in neither table for the first statement.
        return replayed.chain(
                        found -> found.isEmpty() ? replayed : Uni.createFrom().item(found))
                .map(Deliveries::found)
                .invoke(outbox::filled);
    }

    /** Delivers an event that is about nothing but the endpoint. */
    Uni<DeliveryView> test(UUID endpoint) {
        Instant now = clock.instant();
        return database.execute(
                        HistorySql.TEST,
                        Tuple.of(
                                endpoint,
                                UuidCreator.getTimeOrderedEpoch(now),
                                EventKind.ENDPOINT_TEST.type(),
                                now.atOffset(ZoneOffset.UTC)))
                .map(Deliveries::views)
                .map(Deliveries::found)
                .invoke(outbox::filled);
    }

    private Uni<List<DeliveryView>> read(String sql, Tuple arguments) {
        return database.read(sql, arguments).map(Deliveries::views);
    }

    private static List<DeliveryView> views(RowSet<Row> rows) {
        List<DeliveryView> views = new ArrayList<>();
        rows.forEach(row -> views.add(DeliveryView.of(row)));
        return views;
    }

    private static DeliveryView found(List<DeliveryView> views) {
        return views.stream().findFirst().orElseThrow(ProblemException::notFound);
    }
}
