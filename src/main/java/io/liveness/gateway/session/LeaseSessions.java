package io.liveness.gateway.session;

import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.vendor.LivenessVendor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Leases unsettled sessions, so that at any time one place asks about a session. A lease that is not used comes due again
 * by itself; its number fences off a holder who was away for longer than that.
 */
@Singleton
public class LeaseSessions {

    // Beyond the longest call: time to record the answer.
    private static final Duration RECORDING = Duration.ofSeconds(10);

    private static final String LEASE = """
            update liveness_session s
            set lease = s.lease + 1, leased_until = $1, next_look_at = $1
            %s
            returning s.id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at
            """;

    static final String TO_ASK = """
            with due as (
                select id from liveness_session
                where status = 'PENDING' and last_look = $5 and next_look_at <= $2 and token_expires_at > $3
                order by next_look_at
                limit $4
                for no key update skip locked
            )
            """ + LEASE.formatted("from due where s.id = due.id");

    static final String TO_WRITE_OFF = """
            with given_up as (
                select id from liveness_session
                where status = 'PENDING' and token_expires_at <= $3 and (leased_until is null or leased_until <= $2)
                order by token_expires_at
                limit $4
                for no key update skip locked
            ), lost as (
                select id from liveness_session
                where status in ('OPENING', 'UNKNOWN') and next_look_at <= $2
                order by next_look_at
                limit $4
                for no key update skip locked
            ), due as (
                select id from given_up union all select id from lost
            )
            """ + LEASE.formatted("from due where s.id = due.id");

    private static final String ONE = LEASE.formatted("""
            where s.id = $3 and s.caller = $4 and s.status = 'PENDING'
              and (s.leased_until is null or s.leased_until <= $2) and s.lease = coalesce($5::int, s.lease)
            """);

    static final String COUNT = """
            select (select count(*) from (
                       select from liveness_session
                       where status = 'PENDING' and last_look and next_look_at <= $1 and token_expires_at > $2
                       limit $3) last_looks)::int as last_looks,
                   (select count(*) from (
                       select from liveness_session
                       where status = 'PENDING' and not last_look and next_look_at <= $1 and token_expires_at > $2
                       limit $3) others)::int as others
            """;

    private final Database database;
    private final Clock clock;
    private final Sealing sealing;
    private final Duration lease;
    private final Duration grace;

    LeaseSessions(Database database, Clock clock, Sealing sealing, LivenessVendor vendor, SessionConfig config) {
        this.database = database;
        this.clock = clock;
        this.sealing = sealing;
        this.lease = vendor.callTimeout().plus(RECORDING);
        this.grace = config.expiryGrace();
    }

    /** How many sessions the vendor should be asked about now; together no more than {@code limit}, last looks first. */
    public Uni<DueLooks> countToAsk(int limit) {
        Instant now = clock.instant();
        return database.execute(COUNT, Tuple.of(Sql.time(now), Sql.time(now.minus(grace)), limit))
                .map(rows -> rows.iterator().next())
                .map(row -> new DueLooks(row.getInteger("last_looks"), row.getInteger("others")).atMost(limit));
    }

    /** Leases sessions to ask the vendor about, those first that have waited longest. */
    public Uni<List<DueSession>> toAsk(boolean lastLooks, int limit) {
        return lease(TO_ASK, due(limit).addBoolean(lastLooks));
    }

    /** Leases sessions that no answer can be had for any more: orphaned openings, lost fees, long expired tokens. */
    public Uni<List<DueSession>> toWriteOff(int limit) {
        return lease(TO_WRITE_OFF, due(limit));
    }

    /**
     * Leases one session of a caller; empty when it is settled, somebody else's, or leased already.
     *
     * @param lastLease number of the last lease, when nobody may have had another one since
     */
    Uni<Optional<DueSession>> one(UUID id, Caller caller, OptionalInt lastLease) {
        Instant now = clock.instant();
        return database.execute(
                        ONE,
                        Tuple.of(Sql.time(now.plus(lease)), Sql.time(now), id, caller.name())
                                .addInteger(lastLease.isPresent() ? lastLease.getAsInt() : null))
                .map(rows -> list(rows).stream().findFirst());
    }

    private Tuple due(int limit) {
        Instant now = clock.instant();
        return Tuple.of(Sql.time(now.plus(lease)), Sql.time(now), Sql.time(now.minus(grace)), limit);
    }

    private Uni<List<DueSession>> lease(String sql, Tuple arguments) {
        return database.execute(sql, arguments).map(this::list);
    }

    private List<DueSession> list(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(this::due).toList();
    }

    private DueSession due(Row row) {
        UUID id = row.getUUID("id");
        return new DueSession(
                id,
                SessionStatus.valueOf(row.getString("status")),
                row.getInteger("attempt"),
                row.getInteger("lease"),
                row.getOffsetDateTime("init_at").toInstant(),
                Optional.ofNullable(row.getBuffer("token_sealed"))
                        .flatMap(bytes -> sealing.openIfReadable(id, Sealing.Column.TOKEN, bytes.getBytes())),
                Optional.ofNullable(row.getOffsetDateTime("token_expires_at")).map(OffsetDateTime::toInstant));
    }
}
