package io.liveness.gateway.check.schedule;

import static io.liveness.gateway.check.schedule.LeasedSession.LEASE;
import static io.liveness.gateway.check.schedule.LeasedSession.LEASED;
import static io.liveness.gateway.check.schedule.LeasedSession.WRITE_OFFS_ARE_HELD;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.DatabaseClock;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.vendor.LivenessVendor;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Leases sessions that no answer can be had for any more: openings that no living process holds, lost fees whose time is over, and sessions
 * whose token has long ended.
 */
@Singleton
public class LeaseWriteOffs {

    /**
     * What {@link #DUE} is given.
     *
     * @param writtenOff sessions whose token ended before are written off
     * @param lastId an id has the time at which its session was created: those before this one may have such a token
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
            UUID lastId,
            int atMost,
            UUID process,
            List<UUID> held,
            Duration goneAfter,
            Duration lateAfter) {}

    private static final Records<ToWriteOff> TO_WRITE_OFF = new Records<ToWriteOff>()
            .with("now", "timestamptz", ToWriteOff::now)
            .with("lease_ends", "timestamptz", ToWriteOff::leaseEnds)
            .with("written_off", "timestamptz", ToWriteOff::writtenOff)
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
    private static final String DUE = """
            with given as (
                select * from
            """ + TO_WRITE_OFF.fromOne("$1", "g") + """
            ), given_up as (
                select session_id from session_schedule
                where session_id < (select last_id from given)
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
                where status <> 'PENDING' and next_poll_at <= (select now from given)
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
     * What is to be written off.
     *
     * @param held whether nothing may be, until an operator says so
     */
    public record WriteOffs(boolean held, List<LeasedSession> due) {}

    /** Longer than a write-off is tried. */
    private static final Duration LEASE_LASTS = Duration.ofSeconds(30);

    private final Database database;
    private final Duration grace;
    private final Duration tokenLifetime;
    private final HeldOpenings openings;
    private final Clock clock;

    LeaseWriteOffs(Database database, LivenessVendor vendor, SessionConfig config, HeldOpenings openings, Clock clock) {
        this.database = database;
        this.grace = config.expiryGrace();
        this.tokenLifetime = vendor.tokenLifetime();
        this.openings = openings;
        this.clock = clock;
    }

    /** Leases what is to be written off, so many of each kind at most. */
    public Uni<WriteOffs> lease(int limit) {
        Instant now = clock.instant();
        return database.execute(
                Connections.RESERVED,
                DUE,
                Tuple.of(TO_WRITE_OFF.of(new ToWriteOff(
                        now,
                        now.plus(LEASE_LASTS),
                        now.minus(grace),
                        UuidCreator.getTimeOrderedEpochMin(now.plus(DatabaseClock.MAX_SKEW)
                                .minus(tokenLifetime)
                                .minus(grace)),
                        limit,
                        openings.process(),
                        openings.held(),
                        openings.goneAfter(),
                        openings.lateAfter()))),
                LeaseWriteOffs::writeOffs);
    }

    private static WriteOffs writeOffs(RowSet<Row> rows) {
        return new WriteOffs(
                rows.iterator().next().getBoolean("are_held"),
                StreamSupport.stream(rows.spliterator(), false)
                        .filter(row -> row.getUUID("session_id") != null)
                        .map(row -> LeasedSession.of(row, Optional.empty()))
                        .toList());
    }
}
