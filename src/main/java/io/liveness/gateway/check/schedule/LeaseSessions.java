package io.liveness.gateway.check.schedule;

import static io.liveness.gateway.check.schedule.LeasedSession.LEASE;
import static io.liveness.gateway.check.schedule.LeasedSession.LEASED;
import static io.liveness.gateway.check.schedule.LeasedSession.WRITE_OFFS_ARE_HELD;
import static io.liveness.gateway.platform.postgres.Database.Connections.RESERVED;
import static io.liveness.gateway.platform.postgres.Database.Connections.SHARED;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Leases sessions to be polled, so that one replica at a time polls a session; in the last two seconds of its token another may as well.
 * The statements read and write the schedule, and history costs them nothing.
 *
 * <p>A poll is final when it is due within the final polls' time before the token's end. An ordinary poll that was delayed that long
 * becomes final.
 *
 * <p>Now is a parameter, the time on which the replicas agree: a schedule by two clocks would have leases and due times that outlast the
 * tokens.
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

    /** A final poll that is due. */
    private static final String FINAL_POLL_IS_DUE = """
                -- Word for word as in the index schedule_of_final_polls. Without the status: with it PostgreSQL might walk all open
                -- sessions in the order of their ends.
                greatest(next_poll_at, final_polls_from) >= (select final_polls_begin from given)
                  and greatest(next_poll_at, final_polls_from) <= (select now from given)
                  and next_poll_at < token_expires_at and token_expires_at > (select now from given)
            """;

    /** A poll that is due and is not a final one. */
    private static final String OTHER_POLL_IS_DUE = """
                status = 'PENDING' and next_poll_at >= (select others_begin from given) and next_poll_at <= (select now from given)
                  -- Past the end there is no verdict left to lose, only the vendor's word that it is over.
                  and (final_polls_from > (select now from given)
                       or (token_expires_at <= (select now from given)
                           and token_expires_at > (select ended_after from given)
                           and not
            """ + WRITE_OFFS_ARE_HELD + "))\n";

    /**
     * What {@link #POLLS} is given.
     *
     * @param endedAfter whose token ended before is not asked about any more
     * @param finalPollsBegin no final poll was due before, likewise the others: dead versions of rows lie there for as long as an old
     *     snapshot sees them
     * @param countTo how many of each kind are counted at most
     * @param finalPolls how many are leased at most
     */
    private record ToPoll(
            Instant now,
            Instant leaseEnds,
            Instant endedAfter,
            Instant finalPollsBegin,
            Instant othersBegin,
            int countTo,
            int finalPolls,
            int others) {}

    private static final Records<ToPoll> TO_POLL = new Records<ToPoll>()
            .with("now", "timestamptz", ToPoll::now)
            .with("lease_ends", "timestamptz", ToPoll::leaseEnds)
            .with("ended_after", "timestamptz", ToPoll::endedAfter)
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
                       -- While write-offs are held, what has ended waits there and is not due.
                       case when
            """ + WRITE_OFFS_ARE_HELD + """
                            then others_begin
                            else coalesce((select min(due_at) from other), now) - interval '10 seconds'
                       end as next_others_begin
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

    /**
     * The statement does not name the status: PostgreSQL might then read a partial index of what is PENDING as a whole.
     */
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
    private final DatabaseHealth health;
    private final Clock clock;
    private Beginning from = Beginning.ofAll();
    private boolean wasAway = true;

    /**
     * Where the scans of the schedule begin. An old snapshot, such as a dump's, keeps every version that a poll leaves behind, and scans
     * from the beginning would read them all. With the 1.2 million of an hour a statement takes 15 ms from here, 180 ms from ten minutes
     * before now, 1.1 s from the beginning. What became due before and was committed later than a statement may take is found each
     * minute by a scan that goes ten minutes back, and by one from the beginning after a start, with the beginning and the end of an outage,
     * each minute of it, and after a step back of the time.
     */
    private record Beginning(Instant finalPolls, Instant others, long sinceNanos) {

        private static final Duration KEPT = Duration.ofMinutes(1);
        private static final Duration BACK = Duration.ofMinutes(10);

        static Beginning ofAll() {
            return new Beginning(Instant.EPOCH, Instant.EPOCH, System.nanoTime());
        }

        Beginning goneBack() {
            return new Beginning(finalPolls.minus(BACK), others.minus(BACK), System.nanoTime());
        }

        boolean isAfter(Instant now) {
            return finalPolls.isAfter(now) || others.isAfter(now);
        }

        boolean isOld() {
            return System.nanoTime() - sinceNanos > KEPT.toNanos();
        }
    }

    public LeaseSessions(
            Database database,
            Sealing sealing,
            LivenessVendor vendor,
            SessionConfig config,
            DatabaseHealth health,
            Clock clock) {
        this.clock = clock;
        this.database = database;
        this.sealing = sealing;
        this.lease = vendor.callTimeout().plus(RECORDING);
        this.grace = config.expiryGrace();
        this.health = health;
    }

    private synchronized Beginning begin(Instant now) {
        boolean isAway = health.wasAwayLately();
        if (isAway != wasAway || from.isAfter(now) || isAway && from.isOld()) {
            wasAway = isAway;
            from = Beginning.ofAll();
        } else if (from.isOld()) {
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
        Beginning begin = begin(now);
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

    private LeasedPolls leased(RowSet<Row> rows, Beginning begun) {
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

    private synchronized void remember(Row row, Beginning begun) {
        // The beginning of a statement that was sent before a scan from the start was asked for does not count.
        if (from.sinceNanos() == begun.sinceNanos()) {
            from = new Beginning(
                    row.getOffsetDateTime("next_final_polls_begin").toInstant(),
                    row.getOffsetDateTime("next_others_begin").toInstant(),
                    begun.sinceNanos());
        }
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
                Tuple.of(TO_POLL_NOW.of(new ToPollNow(now, now.plus(lease), id, lastLease, !health.wasAwayLately()))),
                rows -> rows.stream().findFirst().map(this::due));
    }

    private LeasedSession due(Row row) {
        UUID id = row.getUUID("session_id");
        return LeasedSession.of(
                row,
                Optional.ofNullable(row.getBuffer("token_sealed"))
                        .flatMap(bytes -> sealing.openIfReadable(id, Sealing.Column.TOKEN, bytes.getBytes())));
    }
}
