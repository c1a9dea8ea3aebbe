package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.LeaseTime;
import io.liveness.gateway.events.receiver.ReceiverConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Leases due deliveries, so that one replica at a time attempts a delivery. A lease that is not ended by a record ends by itself, and the
 * delivery is attempted again: it is delivered at least once.
 */
@Singleton
class LeaseDeliveries {

    private final Database database;
    private final double leaseMillis;
    private final int perEndpoint;

    LeaseDeliveries(Database database, ReceiverConfig config, LeaseTime lease) {
        this.database = database;
        this.leaseMillis = lease.millis();
        this.perEndpoint = config.maxConcurrentPerEndpoint();
    }

    /**
     * Leases what is due.
     *
     * @param busy deliveries under way at this replica, by endpoint
     * @param slow endpoints, of which one delivery at a time is
     * @param limit how many in all
     */
    Uni<List<LeasedDelivery>> due(Map<UUID, Integer> busy, Set<UUID> slow, int limit) {
        List<Map.Entry<UUID, Integer>> entries = List.copyOf(busy.entrySet());
        return database.execute(
                Connections.SHARED,
                DeliverySql.LEASE,
                Tuple.of(
                        leaseMillis,
                        perEndpoint,
                        entries.stream().map(Map.Entry::getKey).toArray(UUID[]::new),
                        entries.stream().map(Map.Entry::getValue).toArray(Integer[]::new),
                        limit,
                        slow.toArray(UUID[]::new)),
                LeaseDeliveries::list);
    }

    private static List<LeasedDelivery> list(RowSet<Row> rows) {
        List<LeasedDelivery> leased = new ArrayList<>();
        rows.forEach(row -> leased.add(delivery(row)));
        return leased;
    }

    private static LeasedDelivery delivery(Row row) {
        return new LeasedDelivery(
                row.getLong("id"),
                row.getUUID("endpoint_id"),
                row.getUUID("event_id"),
                row.getString("url"),
                Stream.of("secret_sealed", "old_secret_sealed", "older_secret_sealed")
                        .map(row::getBuffer)
                        .filter(Objects::nonNull)
                        .map(Buffer::getBytes)
                        .toList(),
                row.getString("type"),
                row.getOffsetDateTime("at").toInstant(),
                Optional.ofNullable(row.getUUID("session_id")),
                Optional.ofNullable(row.getString("reference")),
                row.getJsonObject("data"),
                row.getInteger("attempt"),
                row.getInteger("lease"));
    }
}
