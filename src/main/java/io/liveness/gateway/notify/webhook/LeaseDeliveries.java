package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.notify.Event;
import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Leases due deliveries, so that one replica at a time attempts a delivery. A lease that is not ended by a record ends by itself, and the
 * delivery is attempted again: it is delivered at least once.
 */
@Singleton
class LeaseDeliveries {

    /** Whether a delivery {@code o} may be attempted, as far as it depends on nothing else. */
    static final String IS_DUE = """
            o.status = 'PENDING' and o.next_attempt_at <= liveness_now()
            and (o.leased_until is null or o.leased_until <= liveness_now())
            """;

    /**
     * Whether a delivery that was found by its id is due still. With the status PostgreSQL would look for it in the
     * index of all that is due.
     */
    private static final String IS_STILL_DUE = """
            o.next_attempt_at <= liveness_now() and (o.leased_until is null or o.leased_until <= liveness_now())
            """;

    /**
     * Leases due deliveries of active endpoints that did not ask to wait, and tests of all that no operator has paused, tests first; of
     * each no more than it has room for: one, while it fails or is slow. A caller has at most twice as many places as it leaves free, so
     * that one that comes later finds some. Callers take turns, those with the fewest deliveries under way first, and so do the endpoints
     * of a caller. A delivery that must wait for an earlier one of its session is put off: until that has ended ({@link RecordAttempts}),
     * or until a minute after its next attempt. Rows are found by {@code = any(array(…))} or in a lateral subquery with a limit, because a
     * join might be planned as a scan of a whole table. $1 length of the lease, $2 how many of an endpoint at once, $3 endpoints with
     * deliveries under way at this replica, $4 how many each has, $5 how many places are free, $6 endpoints that are slow.
     */
    private static final String LEASE = """
            with endpoint as (
                select p.id, p.caller, p.url, p.round,
                       array(select s.sealed from unnest(p.secrets_sealed, p.secrets_until) as s (sealed, until)
                             where s.until > liveness_now()) as secrets_sealed,
                       p.reason is distinct from 'OPERATOR' as tests,
                       coalesce(b.busy, 0) as busy,
                       coalesce(sum(b.busy) over (partition by p.caller), 0) as busy_of_caller,
                       p.status = 'ACTIVE' and (p.not_before is null or p.not_before <= liveness_now()) as receives,
                       greatest(
                           case when p.failing_since is null and p.id <> all ($6::uuid[]) then $2::int else 1 end - coalesce(b.busy, 0),
                           0) as room
                from webhook_endpoint p left join unnest($3::uuid[], $4::int[]) as b (id, busy) on b.id = p.id
            ), candidate as (
                select o.id, o.next_attempt_at,
                       p.busy_of_caller
                           + row_number() over (partition by p.caller order by p.busy + o.nth, o.next_attempt_at) as turn
                from endpoint p cross join lateral (
                    select o.id, o.next_attempt_at, row_number() over (order by o.once desc, o.next_attempt_at) as nth
                    from (
                        (select o.id, o.next_attempt_at, o.once
                         from webhook_delivery o
                         where p.receives and o.endpoint_id = p.id and not o.once and
            """ + IS_DUE + """
                         order by o.next_attempt_at
                         limit least(p.room, $5::int))
                        union all
                        (select o.id, o.next_attempt_at, o.once
                         from webhook_delivery o
                         where p.tests and o.endpoint_id = p.id and o.once and
            """ + IS_DUE + """
                         order by o.next_attempt_at
                         limit least(p.room, $5::int))
                        order by once desc, next_attempt_at
                        limit least(p.room, $5::int)
                    ) o
                ) o
            ), due as (
                select id from (
                    select id, turn, row_number() over (order by turn, next_attempt_at) as place from candidate
                ) c
                where turn <= 2 * ($5::int - place + 1)
            ), free as (
                select o.id, o.endpoint_id, o.session_id, o.seq from webhook_delivery o
                where o.id = any (array(select id from due)) and
            """ + IS_STILL_DUE + """
                for no key update skip locked
            ), judged as (
                select f.id, (
                    select max(greatest(d.next_attempt_at, d.leased_until, liveness_now())) + interval '1 minute'
                    from event_log e cross join lateral (
                        select next_attempt_at, leased_until from webhook_delivery
                        where endpoint_id = f.endpoint_id and event_id = e.id and status = 'PENDING' limit 1) d
                    where e.session_id = f.session_id and e.seq < f.seq and e.caller is not null) as waits_until
                from free f
            ), taken as (
                update webhook_delivery o
                set (next_attempt_at, leased_until) = (
                        select coalesce(j.waits_until, o.next_attempt_at),
                               case when j.waits_until is null then liveness_now() + $1::float8 * interval '1 millisecond' end
                        from judged j where j.id = o.id),
                    lease = o.lease + 1
                where o.id = any (array(select id from judged))
                returning o.*
            )
            select t.id, t.endpoint_id, t.event_id, t.type, t.at, t.session_id, t.data, t.attempt, t.lease, t.once,
                   t.leased_until is not null as leased, p.url, p.round, p.secrets_sealed,
                   (select s.reference from session_outcome s where s.session_id = t.session_id) as reference
            from taken t join endpoint p on p.id = t.endpoint_id
            """;

    /**
     * A delivery that this replica attempts.
     *
     * @param id of its row
     * @param secretsSealed what signs it: the secret, and those before it while they are valid
     * @param event its id is the {@code webhook-id}, the same for every attempt and replay
     * @param attempt how many attempts there were before
     * @param lease number of the lease: the holder of an older one records a success only
     * @param round of the endpoint: what an attempt of an earlier one meets says nothing of it
     * @param once whether there is one attempt
     */
    record LeasedDelivery(
            long id,
            UUID endpoint,
            String url,
            List<byte[]> secretsSealed,
            Event event,
            int attempt,
            int lease,
            int round,
            boolean once) {

        /** The text leaves out address and secrets. */
        @Override
        public String toString() {
            return "Delivery[" + endpoint + " " + event + "]";
        }
    }

    /**
     * What a lease has found.
     *
     * @param deliveries those that are leased
     * @param more whether others may be due: some that have to wait stood before them
     */
    record Leased(List<LeasedDelivery> deliveries, boolean more) {

        private static Leased of(RowSet<Row> rows) {
            List<LeasedDelivery> leased = rows.stream()
                    .filter(row -> row.getBoolean("leased"))
                    .map(LeaseDeliveries::delivery)
                    .toList();
            return new Leased(leased, leased.size() < rows.size());
        }
    }

    private final Database database;
    private final double leaseMillis;
    private final int perEndpoint;

    LeaseDeliveries(Database database, WebhookConfig config) {
        this.database = database;
        this.leaseMillis = WebhookConfig.leaseMillis(config);
        this.perEndpoint = config.maxConcurrentPerEndpoint();
    }

    /**
     * Leases what is due.
     *
     * @param busy deliveries under way at this replica, by endpoint
     * @param slow endpoints, of which one delivery at a time is
     * @param limit how many in all
     */
    Uni<Leased> due(Map<UUID, Integer> busy, Set<UUID> slow, int limit) {
        List<Map.Entry<UUID, Integer>> entries = List.copyOf(busy.entrySet());
        return database.execute(
                Connections.SHARED,
                LEASE,
                Tuple.of(
                        leaseMillis,
                        perEndpoint,
                        entries.stream().map(Map.Entry::getKey).toArray(UUID[]::new),
                        entries.stream().map(Map.Entry::getValue).toArray(Integer[]::new),
                        limit,
                        slow.toArray(UUID[]::new)),
                Leased::of);
    }

    private static LeasedDelivery delivery(Row row) {
        return new LeasedDelivery(
                row.getLong("id"),
                row.getUUID("endpoint_id"),
                row.getString("url"),
                Stream.of(row.getArrayOfBuffers("secrets_sealed"))
                        .map(Buffer::getBytes)
                        .toList(),
                Event.of(row),
                row.getInteger("attempt"),
                row.getInteger("lease"),
                row.getInteger("round"),
                row.getBoolean("once"));
    }
}
