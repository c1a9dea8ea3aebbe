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
import io.liveness.gateway.platform.postgres.Records;
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
     * @param now what the query has as the time
     */
    public static String limitIsReached(String now) {
        return "coalesce(third_last_poll_at > " + now + " - interval '10 seconds', false)\n";
    }

    // Each statement below has one parameter, its record "given", with now and the time at which a lease ends.

    /** After a restore nothing ends without a verdict until an operator says so: verdicts may have been told that are not stored. */
    private static final String WRITE_OFFS_ARE_HELD = "(select held_since is not null from write_offs where only_row)";

    private static final String LEASE = """
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = (select lease_ends from given),
                   -- Due again when the lease ends unused, but before the token ends: the death of its holder costs no verdict.
                   next_poll_at = least(
                       (select lease_ends from given),
                       case when s.token_expires_at - interval '3 seconds' > (select now from given)
                            then s.token_expires_at - interval '2 seconds' end)
            """;

    private static final String LEASED =
            "returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at\n";

    /** A final poll that is due. */
    private static final String FINAL_POLL_IS_DUE = """
                -- Word for word as in the index schedule_of_final_polls. Without the status: with it PostgreSQL might walk all open
                -- sessions in the order of their ends.
                greatest(next_poll_at, final_polls_from) >= (select final_polls_begin from given)
                  and greatest(next_poll_at, final_polls_from) <= (select now from given)
                  and next_poll_at < token_expires_at and token_expires_at > (select now from given)
            """;

    /** Another poll that is due. */
    private static final String OTHER_POLL_IS_DUE = """
                status = 'PENDING' and next_poll_at >= (select others_begin from given) and next_poll_at <= (select now from given)
                  -- Past the end there is no verdict left to lose, only the vendor's word that it is over.
                  and (final_polls_from > (select now from given)
                       or (token_expires_at <= (select now from given)
                           and token_expires_at > (select written_off from given)
                           and not
            """ + WRITE_OFFS_ARE_HELD + "))\n";

    /**
     * What {@link #POLLS} is given.
     *
     * @param writtenOff sessions whose token ended before are written off
     * @param finalPollsBegin no final poll was due before, likewise the others: dead versions of rows lie there for as long as an old
     *     snapshot sees them
     * @param countTo how many of each kind are counted at most
     * @param finalPolls how many are leased at most
     */
    private record ToPoll(
            Instant now,
            Instant leaseEnds,
            Instant writtenOff,
            Instant finalPollsBegin,
            Instant othersBegin,
            int countTo,
            int finalPolls,
            int others) {}

    private static final Records<ToPoll> TO_POLL = new Records<ToPoll>()
            .with("now", "timestamptz", ToPoll::now)
            .with("lease_ends", "timestamptz", ToPoll::leaseEnds)
            .with("written_off", "timestamptz", ToPoll::writtenOff)
            .with("final_polls_begin", "timestamptz", ToPoll::finalPollsBegin)
            .with("others_begin", "timestamptz", ToPoll::othersBegin)
            .with("count_to", "int", ToPoll::countTo)
            .with("final_polls", "int", ToPoll::finalPolls)
            .with("others", "int", ToPoll::others);

    /**
     * Counts what is due, and leases final polls by the end of their token, others by how long they have been due.
     *
     * <p>Each row has what was due, and where the next statement may begin: ten seconds earlier, because a statement that makes a row due
     * may wait so long for its connection, its locks and its commit. There is one row without a session when none was leased.
     */
    public static final String POLLS = """
            with given as (
                select * from
            """ + TO_POLL.fromOne("$1", "g") + """
            ), final_poll as (
                select greatest(next_poll_at, final_polls_from) as due_at from session_schedule
                where
            """ + FINAL_POLL_IS_DUE + """
                order by greatest(next_poll_at, final_polls_from)
                limit (select count_to from given)
            ), other as (
                select next_poll_at as due_at from session_schedule
                where
            """
            + OTHER_POLL_IS_DUE + """
                order by next_poll_at
                limit (select count_to from given)
            ), counted as (
                select (select count(*) from final_poll)::int as final_polls,
                       (select count(*) from other)::int as others,
                       coalesce(extract(epoch from now - (select min(due_at) from final_poll)), 0)::float8 as final_polls_late,
                       coalesce(extract(epoch from now - (select min(due_at) from other)), 0)::float8 as others_late,
                       coalesce((select min(due_at) from final_poll), now) - interval '10 seconds' as next_final_polls_begin,
                       coalesce((select min(due_at) from other), now) - interval '10 seconds' as next_others_begin
                from given
            ), for_final_poll as (
                select session_id from session_schedule
                where
            """ + FINAL_POLL_IS_DUE + """
                order by token_expires_at
                limit (select final_polls from given)
                for no key update skip locked
            ), for_other as (
                select session_id from session_schedule
                where
            """
            + OTHER_POLL_IS_DUE + """
                order by next_poll_at
                limit (select others from given)
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
     * What {@link #TO_WRITE_OFF} is given.
     *
     * @param writtenOff sessions whose token ended before are written off
     * @param lostBegin nothing was lost before
     * @param firstId an id has the time at which its session was created: those between this one and {@code lastId} may have such a token
     * @param atMost how many of each kind
     * @param process this one, which writes off the rest of what it has opened, and what others have when they are gone
     * @param held what it holds
     * @param goneAfter how long those that are gone have shown no sign of life
     * @param lateAfter how late a sign of this process never was meanwhile; signs of life have the database's time
     */
    private record ToWriteOff(
            Instant now,
            Instant leaseEnds,
            Instant writtenOff,
            Instant lostBegin,
            UUID firstId,
            UUID lastId,
            int atMost,
            UUID process,
            List<UUID> held,
            Duration goneAfter,
            Duration lateAfter) {}

    private static final Records<ToWriteOff> GIVEN_UP = new Records<ToWriteOff>()
            .with("now", "timestamptz", ToWriteOff::now)
            .with("lease_ends", "timestamptz", ToWriteOff::leaseEnds)
            .with("written_off", "timestamptz", ToWriteOff::writtenOff)
            .with("lost_begin", "timestamptz", ToWriteOff::lostBegin)
            .with("first_id", "uuid", ToWriteOff::firstId)
            .with("last_id", "uuid", ToWriteOff::lastId)
            .with("at_most", "int", ToWriteOff::atMost)
            .with("process", "uuid", ToWriteOff::process)
            .with("held", "uuid[]", ToWriteOff::held)
            .with("gone_after", "interval", ToWriteOff::goneAfter)
            .with("late_after", "interval", ToWriteOff::lateAfter);

    /**
     * Leases what no answer can be had for any more. Each row tells whether write-offs are held; there is one without a session when none
     * was leased.
     */
    public static final String TO_WRITE_OFF = """
            with given as (
                select * from
            """ + GIVEN_UP.fromOne("$1", "g") + """
            ), given_up as (
                select session_id from session_schedule
                where session_id >= (select first_id from given) and session_id < (select last_id from given)
                  -- PENDING alone has a token. It is not named, so that no index of what is PENDING is read as a whole.
                  and token_sealed is not null and token_expires_at <= (select written_off from given)
                  and (leased_until is null or leased_until <= (select now from given))
                  and not
            """ + WRITE_OFFS_ARE_HELD + """
                order by session_id
                limit (select at_most from given)
                for no key update skip locked
            ), lost as (
                select session_id from session_schedule
                where status <> 'PENDING' and next_poll_at <= (select now from given) and next_poll_at >= (select lost_begin from given)
                  and case
                      when status = 'UNKNOWN' or opener is null then true
                      when opener = (select process from given) then session_id <> all ((select held from given)::uuid[])
                      else init_at < (select now - gone_after from given)
                          and exists (
                              select from opener me
                              where me.id = (select process from given)
                                and me.seen_at > liveness_now() - (select late_after from given)
                                and me.steady_since <= liveness_now() - (select gone_after from given))
                          and not exists (
                              select from opener o
                              where o.id = session_schedule.opener
                                and o.seen_at > liveness_now() - (select gone_after from given))
                      end
                  and not
            """
            + WRITE_OFFS_ARE_HELD + """
                order by next_poll_at
                limit (select at_most from given)
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
     * What {@link #ONE} is given.
     *
     * @param lastLease the session's, or empty
     * @param ended whether its token may have
     */
    private record ToPollNow(Instant now, Instant leaseEnds, UUID session, OptionalInt lastLease, boolean ended) {}

    private static final Records<ToPollNow> TO_POLL_NOW = new Records<ToPollNow>()
            .with("now", "timestamptz", ToPollNow::now)
            .with("lease_ends", "timestamptz", ToPollNow::leaseEnds)
            .with("session", "uuid", ToPollNow::session)
            .with(
                    "last_lease",
                    "int",
                    given -> given.lastLease().stream().boxed().findFirst())
            .with("ended", "bool", ToPollNow::ended);

    /** It does not name the status: PostgreSQL might then read a partial index of what is PENDING as a whole. */
    private static final String ONE = """
            with given as (
                select * from
            """ + TO_POLL_NOW.fromOne("$1", "g") + """
            )
            """ + LEASE + """
             where s.session_id = (select session from given) and s.token_expires_at is not null
               and (s.leased_until is null or s.leased_until <= (select now from given))
               and s.lease = coalesce((select last_lease from given), s.lease)
               and (s.token_expires_at > (select now from given) or (select ended from given) and not
            """ + WRITE_OFFS_ARE_HELD
            + """
               )
               and not
            """ + limitIsReached("(select now from given)") + LEASED;

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
                Tuple.of(TO_POLL.of(new ToPoll(
                        now,
                        now.plus(lease),
                        health.wasAwayLately() ? now : now.minus(grace),
                        begin.finalPolls(),
                        begin.others(),
                        countTo,
                        finalPolls,
                        others))),
                rows -> leased(rows, begin));
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
            from = from.ofPolls(moment(row, "next_final_polls_begin"), moment(row, "next_others_begin"));
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
                        Tuple.of(GIVEN_UP.of(new ToWriteOff(
                                now,
                                now.plus(lease),
                                now.minus(grace),
                                begin.writeOff(),
                                idOfEnd(begin.writeOff().minus(DatabaseClock.MAX_SKEW)),
                                idOfEnd(now.plus(DatabaseClock.MAX_SKEW)),
                                limit,
                                openings.process(),
                                openings.held(),
                                openings.goneAfter(),
                                openings.lateAfter()))),
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
        Instant now = clock.instant();
        return database.execute(
                        SHARED,
                        ONE,
                        Tuple.of(TO_POLL_NOW.of(
                                new ToPollNow(now, now.plus(lease), id, lastLease, !health.wasAwayLately()))),
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
