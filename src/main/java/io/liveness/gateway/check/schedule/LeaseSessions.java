package io.liveness.gateway.check.schedule;

import static io.liveness.gateway.platform.postgres.Database.Connections.RESERVED;
import static io.liveness.gateway.platform.postgres.Database.Connections.SHARED;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.DatabaseClock;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.vendor.Confidential;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Leases unsettled sessions, so that one replica at a time polls a session. An unused lease ends by itself. Its number fences off a holder
 * that comes back after its end. The time on which the replicas agree decides what is due and when a lease ends.
 *
 * <p>The statements read and write the schedule alone. A poll is final when it is due within the final polls' time
 * before the token's end. An ordinary poll that was delayed that long becomes final.
 *
 * <p>Spans of time are parameters in milliseconds, and so is now, in each statement: a schedule by two clocks would have leases and due
 * times that outlast the tokens. Signs of life alone have the database's time.
 */
@Singleton
public class LeaseSessions {

    /**
     * Limits polls of one session out of turn, by its caller or by the return hop: at most three polls in ten seconds, of any kind. A
     * caller that loops does not use up the budget of others. A condition of a query that reads the session's row of
     * {@code session_schedule}.
     *
     * @param now the number of the query's parameter that is the time
     */
    public static String limitIsReached(int now) {
        return "coalesce(third_last_poll_at > $" + now + "::timestamptz - interval '10 seconds', false)\n";
    }

    // In each statement below $4 is the length of the lease, and $5 is now.

    /** After a restore nothing ends without a verdict until an operator says so: verdicts may have been told that are not stored. */
    private static final String WRITE_OFFS_ARE_HELD = "(select held_since is not null from write_offs where only_row)";

    private static final String LEASE = """
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = $5::timestamptz + $4::float8 * interval '1 millisecond',
                   -- Due again when the lease ends unused, but before the token ends: the death of its holder costs no verdict.
                   next_poll_at = case
                       when s.token_expires_at > $5::timestamptz + interval '3 seconds' then least(
                           $5::timestamptz + $4::float8 * interval '1 millisecond', s.token_expires_at - interval '2 seconds')
                       else $5::timestamptz + $4::float8 * interval '1 millisecond'
                   end
            """;

    private static final String LEASED =
            "returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at\n";

    /** A final poll that is due, not before $3. */
    private static final String FINAL_POLL_IS_DUE = """
                -- Word for word as in the index schedule_of_final_polls. Without the status: with it PostgreSQL might walk all open
                -- sessions in the order of their ends.
                greatest(next_poll_at, final_polls_from) >= $3::timestamptz
                  and greatest(next_poll_at, final_polls_from) <= $5::timestamptz
                  and next_poll_at < token_expires_at and token_expires_at > $5::timestamptz
            """;

    /** Another poll that is due, not before $6. $1 how long after its token's end a session is written off. */
    private static final String OTHER_POLL_IS_DUE = """
                status = 'PENDING' and next_poll_at >= $6::timestamptz and next_poll_at <= $5::timestamptz
                  -- Past the end there is no verdict left to lose, only the vendor's word that it is over.
                  and (final_polls_from > $5::timestamptz
                       or (token_expires_at <= $5::timestamptz
                           and token_expires_at > $5::timestamptz - $1::float8 * interval '1 millisecond'
                           and not
            """ + WRITE_OFFS_ARE_HELD + "))\n";

    /**
     * Counts what is due, each kind up to $2, and leases final polls by the end of their token, $7 at most, and others by how long they
     * have been due, $8 at most. $3 and $6 are where final and other polls begin: none was due before. Dead versions of rows lie there for
     * as long as an old snapshot sees them.
     *
     * <p>Each row has what was due, and where the next statement may begin: ten seconds earlier, because a statement that makes a row due
     * may wait so long for its connection, its locks and its commit. There is one row without a session when none was leased.
     */
    public static final String POLLS = """
            with final_poll as materialized (
                select greatest(next_poll_at, final_polls_from) as due_at from session_schedule
                where
            """ + FINAL_POLL_IS_DUE + """
                order by greatest(next_poll_at, final_polls_from)
                limit $2
            ), other as materialized (
                select next_poll_at as due_at from session_schedule
                where
            """ + OTHER_POLL_IS_DUE + """
                order by next_poll_at
                limit $2
            ), counted as materialized (
                select (select count(*) from final_poll)::int as final_polls,
                       (select count(*) from other)::int as others,
                       coalesce(extract(epoch from $5::timestamptz - (select min(due_at) from final_poll)), 0)::float8
                           as final_polls_late,
                       coalesce(extract(epoch from $5::timestamptz - (select min(due_at) from other)), 0)::float8 as others_late,
                       coalesce((select min(due_at) from final_poll), $5::timestamptz) - interval '10 seconds' as final_polls_from,
                       coalesce((select min(due_at) from other), $5::timestamptz) - interval '10 seconds' as others_from
            ), for_final_poll as materialized (
                select session_id from session_schedule
                where
            """ + FINAL_POLL_IS_DUE + """
                order by token_expires_at
                limit $7
                for no key update skip locked
            ), for_other as materialized (
                select session_id from session_schedule
                where
            """
            + OTHER_POLL_IS_DUE + """
                order by next_poll_at
                limit $8
                for no key update skip locked
            ), due as (
                select session_id, true as final_poll from for_final_poll union all select session_id, false from for_other
            ), leased as (
            """ + LEASE + """
                  from due
                 where s.session_id = due.session_id
            """ + LEASED + """
                , due.final_poll
            )
            select * from counted left join leased on true
            """;

    /**
     * $1 how long after its token's end a session is written off, $2 how many of each kind, $3 where to begin with what is lost: nothing
     * was before. $6 and $7 between which the ids of sessions lie whose token may have ended so long ago: an id has the time at which its
     * session was created. The status is compared so that no partial index is considered. $8 this process and $9 what it holds: it writes
     * off the rest of what it has opened, and what others have when they are gone. $10 how long these have shown no sign of life, $11 how
     * late that of this process never was meanwhile; signs of life have the database's time. Each row tells whether write-offs are held;
     * there is one without a session when none was leased.
     */
    public static final String TO_WRITE_OFF = """
            with given_up as materialized (
                select session_id from session_schedule
                where session_id >= $6 and session_id < $7 and status || '' = 'PENDING'
                  and token_expires_at <= $5::timestamptz - $1::float8 * interval '1 millisecond'
                  and (leased_until is null or leased_until <= $5::timestamptz)
                  and not
            """ + WRITE_OFFS_ARE_HELD + """
                order by session_id
                limit $2
                for no key update skip locked
            ), lost as materialized (
                select session_id from session_schedule
                where status <> 'PENDING' and next_poll_at <= $5::timestamptz and next_poll_at >= $3::timestamptz
                  and case
                      when status = 'UNKNOWN' or opener is null then true
                      when opener = $8 then session_id <> all ($9::uuid[])
                      else init_at < $5::timestamptz - $10::float8 * interval '1 millisecond'
                          and exists (
                              select from opener me
                              where me.id = $8 and me.seen_at > liveness_now() - $11::float8 * interval '1 millisecond'
                                and me.steady_since <= liveness_now() - $10::float8 * interval '1 millisecond')
                          and not exists (
                              select from opener o
                              where o.id = session_schedule.opener
                                and o.seen_at > liveness_now() - $10::float8 * interval '1 millisecond')
                      end
                  and not
            """
            + WRITE_OFFS_ARE_HELD + """
                order by next_poll_at
                limit $2
                for no key update skip locked
            ), due as (
                select session_id from given_up union all select session_id from lost
            ), leased as (
            """ + LEASE + """
                  from due
                 where s.session_id = due.session_id
            """ + LEASED + """
            )
            select leased.*, held.are_held from (select
            """ + WRITE_OFFS_ARE_HELD
            + " as are_held) held left join leased on true";

    /**
     * $1 the session, $2 its last lease or null, $3 whether its token may have ended. It does not name the status: PostgreSQL would then
     * take the partial indexes into account, and on tables it knows nothing of it prefers to read one of them as a whole.
     */
    private static final String ONE = LEASE + """
             where s.session_id = $1 and s.token_expires_at is not null
               and (s.leased_until is null or s.leased_until <= $5::timestamptz) and s.lease = coalesce($2::int, s.lease)
               and (s.token_expires_at > $5::timestamptz or $3 and not
            """ + WRITE_OFFS_ARE_HELD + """
               )
               and not
            """ + limitIsReached(5) + LEASED;

    /**
     * A session that was leased to be brought further.
     *
     * @param lease number of the lease: the holder of an older one may not reschedule or write off any more
     * @param initAt when init was sent
     * @param token absent while and when init's answer is not known, and when it cannot be decrypted
     * @param tokenExpiresAt likewise
     */
    public record LeasedSession(
            UUID id,
            SessionStatus status,
            int attempt,
            int lease,
            Instant initAt,
            Optional<Confidential> token,
            Optional<Instant> tokenExpiresAt) {}

    /**
     * What is to be written off.
     *
     * @param held whether nothing may be, until an operator says so
     */
    public record WriteOffs(boolean held, List<LeasedSession> due) {}

    /**
     * The number of polls that are due.
     *
     * @param finalPolls how many sessions whose token ends soon
     * @param others how many other sessions
     * @param finalPollsLate lateness of the most overdue final poll
     * @param othersLate lateness of the most overdue other poll
     */
    public record DuePolls(int finalPolls, int others, Duration finalPollsLate, Duration othersLate) {

        public static final DuePolls NONE = new DuePolls(0, 0, Duration.ZERO, Duration.ZERO);

        public boolean none() {
            return finalPolls + others == 0;
        }
    }

    /**
     * Sessions that were leased to be polled.
     *
     * @param finalPolls those whose token ends soon
     * @param others the others
     * @param due what was due before the lease, including these and what others leased meanwhile
     */
    public record LeasedPolls(List<LeasedSession> finalPolls, List<LeasedSession> others, DuePolls due) {

        public boolean none() {
            return finalPolls.isEmpty() && others.isEmpty();
        }

        /** What is still due. The lateness was measured before the lease: the rest may be less late. */
        public DuePolls left() {
            int finalPollsLeft = Math.max(0, due.finalPolls() - finalPolls.size());
            int othersLeft = Math.max(0, due.others() - others.size());
            return new DuePolls(
                    finalPollsLeft,
                    othersLeft,
                    finalPollsLeft == 0 ? Duration.ZERO : due.finalPollsLate(),
                    othersLeft == 0 ? Duration.ZERO : due.othersLate());
        }
    }

    // Beyond the longest call: the wait for its place in the budget, and time to record the answer.
    private static final Duration RECORDING = Duration.ofSeconds(10).plus(Purpose.FINAL_POLL.ahead());

    private final Database database;
    private final Sealing sealing;
    private final Duration lease;
    private final Duration grace;
    private final Duration tokenLifetime;
    private final DatabaseHealth health;
    private final HeldOpenings openings;
    private final Clock clock;
    private volatile Beginnings from = new Beginnings();
    private boolean wasAway = true;

    /**
     * Where the scans of the schedule begin. An old snapshot, such as a dump's, keeps every version that a poll leaves behind, and scans
     * from the beginning would read them all. With the 1.2 million of an hour a statement takes 15 ms from here, 180 ms from ten minutes
     * before now, 1.1 s from the beginning. What became due before and was committed later than a statement may take is found each
     * minute by a scan that goes ten minutes back, and by one from the beginning after a start, with the beginning and the end of an outage,
     * each minute of it, and after a step back of the time. What is to be written off is scanned from the beginning each minute: a refused
     * session that was opened again has an old id.
     */
    private record Beginnings(Instant finalPolls, Instant others, Instant writeOff, long sinceNanos) {

        private static final Duration KEPT = Duration.ofMinutes(1);
        private static final Duration BACK = Duration.ofMinutes(10);

        Beginnings() {
            this(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, System.nanoTime());
        }

        boolean isAfter(Instant now) {
            return finalPolls.isAfter(now) || others.isAfter(now) || writeOff.isAfter(now);
        }

        boolean areOld() {
            return System.nanoTime() - sinceNanos > KEPT.toNanos();
        }

        Beginnings goneBack() {
            return new Beginnings(before(finalPolls), before(others), Instant.EPOCH, System.nanoTime());
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
            DatabaseHealth health,
            HeldOpenings openings,
            Clock clock) {
        this.openings = openings;
        this.clock = clock;
        this.database = database;
        this.sealing = sealing;
        this.lease = vendor.callTimeout().plus(RECORDING);
        this.grace = config.expiryGrace();
        this.tokenLifetime = vendor.tokenLifetime();
        this.health = health;
    }

    private synchronized Beginnings begin(Instant now) {
        boolean isAway = health.wasAwayLately();
        if (isAway != wasAway || from.isAfter(now) || isAway && from.areOld()) {
            wasAway = isAway;
            from = new Beginnings();
        } else if (from.areOld()) {
            from = from.goneBack();
        }
        return from;
    }

    /**
     * Counts what is due and leases of it, in one statement: for final polls those first whose token ends soonest, of the others those
     * first that have waited longest. Sessions whose token has ended are included, to receive the vendor's 301, but not soon after an
     * outage.
     *
     * @param finalPolls how many to lease for final polls
     * @param others how many others
     * @param countTo how far to count what is due
     */
    public Uni<LeasedPolls> forPolls(int finalPolls, int others, int countTo) {
        Instant now = clock.instant();
        Beginnings begin = begin(now);
        return database.execute(
                RESERVED,
                POLLS,
                lease(
                        now,
                        health.wasAwayLately() ? 0.0 : SqlValues.millis(grace),
                        countTo,
                        SqlValues.time(begin.finalPolls()),
                        SqlValues.time(begin.others()),
                        finalPolls,
                        others),
                rows -> leased(rows, begin));
    }

    /** The parameters of a statement that leases: its first three, the length of the lease, now, and its others. */
    private Tuple lease(Instant now, Object first, Object second, Object third, Object... others) {
        List<Object> all =
                new ArrayList<>(Arrays.asList(first, second, third, SqlValues.millis(lease), SqlValues.time(now)));
        all.addAll(Arrays.asList(others));
        return Tuple.tuple(all);
    }

    private LeasedPolls leased(RowSet<Row> rows, Beginnings begun) {
        List<LeasedSession> finalPolls = new ArrayList<>();
        List<LeasedSession> others = new ArrayList<>();
        for (Row row : rows) {
            if (row.getUUID("session_id") != null) {
                (row.getBoolean("final_poll") ? finalPolls : others).add(due(row));
            }
        }
        Row first = rows.iterator().next();
        remember(first, begun);
        return new LeasedPolls(
                finalPolls,
                others,
                new DuePolls(
                        first.getInteger("final_polls"),
                        first.getInteger("others"),
                        SqlValues.seconds(first.getDouble("final_polls_late")),
                        SqlValues.seconds(first.getDouble("others_late"))));
    }

    private synchronized void remember(Row row, Beginnings begun) {
        // Not what a statement answers that began before a scan from the beginning was asked for.
        if (from.sinceNanos() == begun.sinceNanos()) {
            from = from.ofPolls(moment(row, "final_polls_from"), moment(row, "others_from"));
        }
    }

    private static Instant moment(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    /** Leases sessions that no answer can be had for any more: openings that no living process holds, lost fees, long expired tokens. */
    public Uni<WriteOffs> toWriteOff(int limit) {
        Instant now = clock.instant();
        Beginnings begin = begin(now);
        return database.execute(
                        RESERVED,
                        TO_WRITE_OFF,
                        lease(
                                now,
                                SqlValues.millis(grace),
                                limit,
                                SqlValues.time(begin.writeOff()),
                                idOfEnd(begin.writeOff().minus(DatabaseClock.MAX_SKEW)),
                                idOfEnd(now.plus(DatabaseClock.MAX_SKEW)),
                                openings.process(),
                                openings.held(),
                                SqlValues.millis(openings.goneAfter()),
                                SqlValues.millis(openings.lateAfter())),
                        this::writeOffs)
                .invoke(leased -> {
                    if (leased.due().size() < limit && !leased.held()) {
                        // What is leased now is due again when its lease ends. That a process is gone shows later.
                        beginWriteOffAt(now.minus(lease.multipliedBy(2)).minus(openings.goneAfter()));
                    }
                });
    }

    private WriteOffs writeOffs(RowSet<Row> rows) {
        Row first = rows.iterator().next();
        return new WriteOffs(
                first.getBoolean("are_held"), first.getUUID("session_id") == null ? List.of() : list(rows));
    }

    /** The least id that a session may have whose grace ends at a moment. */
    private UUID idOfEnd(Instant moment) {
        Instant created = moment.minus(tokenLifetime).minus(grace);
        return UuidCreator.getTimeOrderedEpochMin(created.isBefore(Instant.EPOCH) ? Instant.EPOCH : created);
    }

    private synchronized void beginWriteOffAt(Instant moment) {
        from = from.ofWriteOff(moment);
    }

    /**
     * Leases one session for a request. Empty when it is settled, leased, or at its limit of polls, and, when its token has ended, soon
     * after an outage and while write-offs are held.
     *
     * @param lastLease number of the last lease, when none may have been granted since
     */
    public Uni<Optional<LeasedSession>> one(UUID id, OptionalInt lastLease) {
        return database.execute(
                        SHARED,
                        ONE,
                        lease(
                                clock.instant(),
                                id,
                                lastLease.isPresent() ? lastLease.getAsInt() : null,
                                !health.wasAwayLately()),
                        this::list)
                .map(sessions -> sessions.stream().findFirst());
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
