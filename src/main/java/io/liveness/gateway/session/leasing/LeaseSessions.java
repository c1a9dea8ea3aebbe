package io.liveness.gateway.session.leasing;

import static io.liveness.gateway.platform.postgres.Database.Connections.RESERVED;
import static io.liveness.gateway.platform.postgres.Database.Connections.SHARED;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.session.PollLimit;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.SessionConfig;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Leases unsettled sessions, so that one replica at a time polls a session. An unused lease ends by itself. Its number fences off a holder
 * that comes back after its end. The database's clock decides what is due and when a lease ends.
 */
@Singleton
public class LeaseSessions {

    // Beyond the longest call: the wait for its place in the budget, and time to record the answer.
    private static final Duration RECORDING = Duration.ofSeconds(10).plus(Purpose.FINAL_POLL.ahead());

    private final Database database;
    private final Sealing sealing;
    private final Duration lease;
    private final Duration grace;
    private final Outages outages;

    public LeaseSessions(
            Database database, Sealing sealing, LivenessVendor vendor, SessionConfig config, Outages outages) {
        this.database = database;
        this.sealing = sealing;
        this.lease = vendor.callTimeout().plus(RECORDING);
        this.grace = config.expiryGrace();
        this.outages = outages;
    }

    /** Counts the due polls, each kind up to {@code limit}. */
    public Uni<DuePolls> countDue(int limit) {
        return database.execute(
                RESERVED,
                LeasingSql.COUNT,
                Tuple.of(Sql.millis(grace), limit),
                rows -> counted(rows.iterator().next()));
    }

    /**
     * Leases sessions that are due, in one statement: for final polls those first whose token ends soonest, of the others those first that
     * have waited longest. Sessions whose token has ended are included, to receive the vendor's 301, but not soon after an outage.
     *
     * @param countTo how far to count what is due
     */
    public Uni<LeasedPolls> forPolls(int finalPolls, int others, int countTo) {
        return database.execute(
                RESERVED,
                LeasingSql.POLLS,
                Tuple.of(Sql.millis(lease), finalPolls, others, outages.recent() ? 0.0 : Sql.millis(grace), countTo),
                this::leased);
    }

    private LeasedPolls leased(RowSet<Row> rows) {
        List<LeasedSession> finalPolls = new ArrayList<>();
        List<LeasedSession> others = new ArrayList<>();
        DuePolls due = null;
        for (Row row : rows) {
            due = counted(row);
            if (row.getUUID("session_id") != null) {
                (row.getBoolean("final_poll") ? finalPolls : others).add(due(row));
            }
        }
        return new LeasedPolls(finalPolls, others, due);
    }

    private static DuePolls counted(Row row) {
        return new DuePolls(
                row.getInteger("final_polls"),
                row.getInteger("others"),
                Sql.seconds(row.getDouble("final_polls_late")),
                Sql.seconds(row.getDouble("others_late")));
    }

    /** Leases sessions that no answer can be had for any more: orphaned openings, lost fees, long expired tokens. */
    public Uni<List<LeasedSession>> toWriteOff(int limit) {
        return lease(RESERVED, LeasingSql.TO_WRITE_OFF, Tuple.of(Sql.millis(lease), limit, Sql.millis(grace)));
    }

    /**
     * Leases one session for a request. Empty when it is settled, leased, or at its limit of polls, and soon after an outage when its token
     * has ended.
     *
     * @param lastLease number of the last lease, when none may have been granted since
     */
    public Uni<Optional<LeasedSession>> one(UUID id, OptionalInt lastLease) {
        return lease(
                        SHARED,
                        LeasingSql.ONE,
                        Tuple.of(
                                Sql.millis(lease),
                                id,
                                lastLease.isPresent() ? lastLease.getAsInt() : null,
                                PollLimit.EARLIER_POLLS,
                                Sql.millis(PollLimit.IN),
                                !outages.recent()))
                .map(sessions -> sessions.stream().findFirst());
    }

    private Uni<List<LeasedSession>> lease(Connections connections, String sql, Tuple arguments) {
        return database.execute(connections, sql, arguments, this::list);
    }

    private List<LeasedSession> list(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(this::due).toList();
    }

    private LeasedSession due(Row row) {
        UUID id = row.getUUID("session_id");
        return new LeasedSession(
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
