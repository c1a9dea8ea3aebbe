package io.liveness.gateway.session.leasing;

import static io.liveness.gateway.platform.postgres.Database.Connections.RESERVED;
import static io.liveness.gateway.platform.postgres.Database.Connections.SHARED;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.DatabaseClock;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    private final Clock clock;
    private final Duration maxSkew;
    private volatile Beginnings from = new Beginnings();

    /**
     * Where the scans of the schedule begin. An old snapshot, such as a dump's, keeps every version that a poll leaves behind, and scans from
     * the beginning would read them all. What became due before and was committed later than a statement may take is found each minute by a
     * scan that goes ten minutes back, and by one from the beginning after a start, an outage and a jump of the clock.
     */
    private record Beginnings(Instant finalPolls, Instant others, Instant writeOff, long sinceNanos) {

        private static final Duration KEPT = Duration.ofMinutes(1);
        private static final Duration BACK = Duration.ofMinutes(10);

        Beginnings() {
            this(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, System.nanoTime());
        }

        boolean areOld() {
            return System.nanoTime() - sinceNanos > KEPT.toNanos();
        }

        Beginnings goneBack() {
            return new Beginnings(before(finalPolls), before(others), before(writeOff), System.nanoTime());
        }

        private static Instant before(Instant from) {
            return from.isBefore(Instant.EPOCH.plus(BACK)) ? Instant.EPOCH : from.minus(BACK);
        }

        Beginnings ofPolls(Instant finalPolls, Instant others) {
            return new Beginnings(finalPolls, others, writeOff, sinceNanos);
        }

        Beginnings ofWriteOff(Instant writeOff) {
            return new Beginnings(finalPolls, others, writeOff, sinceNanos);
        }
    }

    public LeaseSessions(
            Database database,
            Sealing sealing,
            LivenessVendor vendor,
            SessionConfig config,
            Outages outages,
            Clock clock,
            DatabaseClock.Watch watch) {
        this.clock = clock;
        this.maxSkew = watch.maxSkew();
        this.database = database;
        this.sealing = sealing;
        this.lease = vendor.callTimeout().plus(RECORDING);
        this.grace = config.expiryGrace();
        this.outages = outages;
    }

    private synchronized Beginnings begin() {
        if (outages.recent()) {
            from = new Beginnings();
        } else if (from.areOld()) {
            from = from.goneBack();
        }
        return from;
    }

    /** Counts the due polls, each kind up to {@code limit}. */
    public Uni<DuePolls> countDue(int limit) {
        Beginnings begin = begin();
        return database.execute(
                RESERVED,
                LeasingSql.COUNT,
                Tuple.of(Sql.millis(grace), limit, Sql.time(begin.finalPolls()), Sql.time(begin.others())),
                rows -> counted(rows.iterator().next(), begin));
    }

    /**
     * Leases sessions that are due, in one statement: for final polls those first whose token ends soonest, of the others those first that
     * have waited longest. Sessions whose token has ended are included, to receive the vendor's 301, but not soon after an outage.
     *
     * @param countTo how far to count what is due
     */
    public Uni<LeasedPolls> forPolls(int finalPolls, int others, int countTo) {
        Beginnings begin = begin();
        Instant now = clock.instant();
        return database.execute(
                RESERVED,
                LeasingSql.POLLS,
                Tuple.from(List.of(
                        outages.recent() ? 0.0 : Sql.millis(grace),
                        countTo,
                        Sql.time(begin.finalPolls()),
                        Sql.time(begin.others()),
                        finalPolls,
                        others,
                        Sql.millis(lease),
                        Sql.time(now.minus(maxSkew)),
                        Sql.time(now.plus(maxSkew)))),
                rows -> leased(rows, begin));
    }

    private LeasedPolls leased(RowSet<Row> rows, Beginnings begun) {
        List<LeasedSession> finalPolls = new ArrayList<>();
        List<LeasedSession> others = new ArrayList<>();
        DuePolls due = counted(rows.iterator().next(), begun);
        for (Row row : rows) {
            if (row.getUUID("session_id") != null) {
                (row.getBoolean("final_poll") ? finalPolls : others).add(due(row));
            }
        }
        return new LeasedPolls(finalPolls, others, due);
    }

    private DuePolls counted(Row row, Beginnings begun) {
        remember(row, begun);
        return new DuePolls(
                row.getInteger("final_polls"),
                row.getInteger("others"),
                Sql.seconds(row.getDouble("final_polls_late")),
                Sql.seconds(row.getDouble("others_late")));
    }

    /** From the beginning when the database's clock has jumped: by that clock something else was due. */
    private synchronized void remember(Row row, Beginnings begun) {
        Duration jump = Duration.between(moment(row, "now"), clock.instant());
        if (jump.abs().compareTo(maxSkew) > 0) {
            from = new Beginnings();
        } else if (from.sinceNanos() == begun.sinceNanos()) {
            // Not what a statement answers that began before a scan from the beginning was asked for.
            from = from.ofPolls(moment(row, "final_polls_from"), moment(row, "others_from"));
        }
    }

    private static Instant moment(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    /** Leases sessions that no answer can be had for any more: orphaned openings, lost fees, long expired tokens. */
    public Uni<List<LeasedSession>> toWriteOff(int limit) {
        Beginnings begin = begin();
        Instant now = clock.instant();
        return lease(
                        RESERVED,
                        LeasingSql.TO_WRITE_OFF,
                        Tuple.of(
                                Sql.millis(grace),
                                limit,
                                Sql.time(begin.writeOff()),
                                Sql.millis(lease),
                                Sql.time(now.minus(maxSkew)),
                                Sql.time(now.plus(maxSkew))))
                .invoke(leased -> {
                    if (leased.size() < limit) {
                        // What is leased now is due again when its lease ends.
                        beginWriteOffAt(now.minus(lease.multipliedBy(2)));
                    }
                });
    }

    private synchronized void beginWriteOffAt(Instant moment) {
        from = from.ofWriteOff(moment);
    }

    /**
     * Leases one session for a request. Empty when it is settled, leased, or at its limit of polls, while the database's clock is wrong, and
     * soon after an outage when its token has ended.
     *
     * @param lastLease number of the last lease, when none may have been granted since
     */
    public Uni<Optional<LeasedSession>> one(UUID id, OptionalInt lastLease) {
        Instant now = clock.instant();
        return lease(
                        SHARED,
                        LeasingSql.ONE,
                        Tuple.of(
                                id,
                                lastLease.isPresent() ? lastLease.getAsInt() : null,
                                !outages.recent(),
                                Sql.millis(lease),
                                Sql.time(now.minus(maxSkew)),
                                Sql.time(now.plus(maxSkew))))
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
