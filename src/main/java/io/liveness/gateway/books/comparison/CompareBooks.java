package io.liveness.gateway.books.comparison;

import io.liveness.gateway.books.Prices;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.vendor.LivenessVendor;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Compares sessions with their ledger entries, events and places on the schedule. Each minute it compares what is new, what is known to
 * differ, what is overdue, and what is missing on the schedule; each night all that was there when it began, by ranges of ids. One replica
 * at a time does a step, in one transaction; after a crash any replica goes on with the next.
 */
@Singleton
class CompareBooks {

    /** Rows of the ledger and moves of the events that a step of the minute reads at most: a minute of 400 opens a second in one. */
    static final int NEW_ROWS = 50_000;

    /** Sessions that a step of the night compares, and twice as many ledger entries. */
    static final int RANGE = 5_000;

    /** Between two minutes: less than a minute, so that the next run of any replica finds it over. */
    private static final int PAUSE_SECONDS = 50;

    private static final Logger LOG = Logger.getLogger(CompareBooks.class);

    // Writing off takes a moment after the end.
    private static final Duration MARGIN = Duration.ofMinutes(15);

    /** Empty when it is not yet time, or another replica is at it. */
    private static final String TURN = """
            select from books_comparison where next_pass_at <= liveness_now() for update skip locked
            """;

    /**
     * Takes the next entries, so many at most, and the next events. When there may be more, the next step begins behind them, at once; else
     * the next minute reads them once more, since a row may become visible late.
     */
    static final String NEXT = """
            with entry as (
                select id, session_id, kind from ledger_entry where id > (select entry_from from books_comparison) order by id limit ?
            ), event as (
                select seq, session_id from session_event
                where seq > (select event_from from books_comparison)
                  and type in ('OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF', 'CONTRADICTED')
                order by seq limit ?
            ), last as (
                select coalesce((select max(id) from entry), 0) as entry, coalesce((select max(seq) from event), 0) as event,
                       ? in ((select count(*) from entry), (select count(*) from event)) as more
            )
            update books_comparison
            set passes = passes + 1, compared_at = liveness_now(),
                next_pass_at = liveness_now() + case when more then 0 else ? end * interval '1 second',
                entry_from = case when more then greatest(entry_to, entry) else entry_to end, entry_to = greatest(entry_to, entry),
                event_from = case when more then greatest(event_to, event) else event_to end, event_to = greatest(event_to, event)
            from last
            returning more,
                array(select session_id from entry where kind <> 'ADJUSTMENT' union select session_id from event) as sessions
            """;

    /** Known ones, and those open since a time or longer. It reads all open sessions: once a minute, in its last step. */
    private static final String EACH_MINUTE = """
            select session_id from books_difference
            union
            (select id from liveness_session
             where id = any (array(select session_id from session_schedule)) and init_at <= ?
             order by init_at limit 500)
            """;

    /**
     * The differences of sessions: what session, ledger, schedule and events say, side by side. The last events decide: before them the
     * key may have been refused any number of times.
     */
    static final String DIFFERENCES = """
            select id, kind, coalesce(fee_amount, 0) as fee_amount
            from (select compared.id, ?::timestamptz as due_before,
                         s.id is not null as there, s.status, s.charge_status, s.fee_amount, s.fee_currency, s.task_no, s.verdict_code,
                         s.init_at, pre.amount as pre_amount, pre.currency as pre_currency, pre.task_no as pre_task_no,
                         fin.kind as end_kind, fin.amount as end_amount, fin.currency as end_currency, fin.task_no as end_task_no,
                         schedule.status as scheduled_as, ending.status as ended_as, event.*
                  from unnest(?::uuid[]) compared (id)
                  left join liveness_session s on s.id = compared.id
                  left join ledger_entry pre on pre.session_id = compared.id and pre.kind = 'PRE_DEDUCT'
                  left join ledger_entry fin on fin.session_id = compared.id and fin.kind in ('CHARGE', 'REFUND')
                  left join session_schedule schedule on schedule.session_id = compared.id
                  left join session_end ending on ending.caller = s.caller and ending.status = s.status and ending.session_id = s.id
                  cross join lateral (
                      select coalesce(bool_or(type = 'OPENING'), false) as stored,
                             coalesce(bool_or(type = 'OPENED'), false) as opened,
                             coalesce(bool_or(type = 'REJECTED'), false) as rejected,
                             coalesce(bool_or(type = 'OUTCOME_UNKNOWN'), false) as lost,
                             coalesce(bool_or(type = 'SETTLED'), false) as settled,
                             coalesce(bool_or(type = 'WRITTEN_OFF'), false) as written_off,
                             coalesce(bool_or(type = 'CONTRADICTED' and detail ->> 'late' = 'accepted'), false) as accepted_late,
                             max(detail ->> 'charge') filter (where type = 'OPENED') as opened_charge,
                             max(detail ->> 'status') filter (where type in ('SETTLED', 'WRITTEN_OFF')) as ended_status,
                             max(detail ->> 'charge') filter (where type in ('SETTLED', 'WRITTEN_OFF')) as ended_charge
                      from (select type, detail from session_event
                            where session_id = compared.id
                              and type not in ('CHECKED', 'FACE_REDACTED', 'THINNED', 'ERASED', 'DATA_READ')
                            order by seq desc limit 20) move) event) judged
            cross join lateral unnest(array[
            """ + DifferenceKind.rules() + """
            ]) kind
            where kind is not null
            """;

    /** The minute and the night change the same rows, in any order. The lock COMPARISON of {@code V1__platform.sql}. */
    private static final String ONE_AFTER_THE_OTHER = "select pg_advisory_xact_lock(1818850414, 1651470187)";

    /**
     * Compares sessions, stores differences that are new, and removes those that are mended. At most 500 overdue ones and 500 others are
     * stored; the rest is found again later.
     */
    private static final String COMPARE = "with differ as (" + DIFFERENCES + """
            ), mended as (
                delete from books_difference d
                where session_id = any (?) and not exists (select from differ where id = session_id and differ.kind = d.kind)
                returning session_id, kind
            ), known as (
                select session_id, kind from books_difference except select session_id, kind from mended
            ), found as (
                insert into books_difference (session_id, kind, fee_amount, found_at)
                select id, kind, fee_amount, liveness_now()
                from (select *, row_number() over (partition by kind = 'overdue') as nth
                      from differ where (id, kind) not in (select session_id, kind from known)) new
                where nth <= 500 - (select count(*) from known where (known.kind = 'overdue') = (new.kind = 'overdue'))
                on conflict do nothing
                returning session_id, kind
            )
            select session_id, kind, true as is_new from found union all select session_id, kind, false from mended
            """;

    /** Empty by day, and while another replica is at it. */
    private static final String TURN_OF_THE_NIGHT = """
            select from books_night where due_at <= liveness_now() for update skip locked
            """;

    /**
     * Takes the next sessions, so many at most, and the next entries, of each the session that it should have and has not. More follows
     * while a range is full and has something from before the night. What is newer is left to the minutes, so that the night ends however
     * much is opened meanwhile.
     */
    private static final String NEXT_RANGE = """
            with session as (
                select id, created_at from liveness_session where id > (select session_from from books_night) order by id limit ?
            ), entry as (
                select e.id, e.recorded_at, case when s.id is null and e.kind <> 'ADJUSTMENT' then e.session_id end as missing
                from (select * from ledger_entry where id > (select entry_from from books_night) order by id limit ?) e
                left join liveness_session s on s.id = e.session_id
            )
            update books_night
            set due_at = began, entry_from = coalesce((select max(id) from entry), entry_from),
                session_from = coalesce((select id from session order by id desc limit 1), session_from)
            from (select case when isfinite(due_at) then due_at else liveness_now() end as began from books_night) night
            returning
                (select count(*) = ? and min(created_at) < began from session)
                    or (select count(*) = ? and min(recorded_at) < began from entry) as more,
                array(select id from session union select missing from entry where missing is not null) as sessions
            """;

    /** At two o'clock in a time zone. */
    private static final String UNTIL_THE_NEXT_NIGHT = """
            update books_night
            set due_at = (date_trunc('day', liveness_now() at time zone zone - interval '2 hours') + interval '26 hours') at time zone zone,
                session_from = '00000000-0000-0000-0000-000000000000', entry_from = 0
            from (select ?::text as zone) night
            """;

    /** @param more whether another step follows at once */
    private record SessionPart(UUID[] sessions, boolean more) {}

    private record Change(UUID session, String kind, boolean isNew) {}

    private record ComparisonStep(List<Change> changes, boolean more) {}

    private static final ComparisonStep NOTHING = new ComparisonStep(List.of(), false);

    private final Batch batch;
    private final Duration longestOpen;
    private final Clock clock;
    private final String zone;

    CompareBooks(
            Batch batch,
            LivenessVendor vendor,
            @ConfigProperty(name = "liveness.expiry-grace") Duration expiryGrace,
            Prices prices,
            Clock clock) {
        this.batch = batch;
        this.longestOpen = vendor.tokenLifetime().plus(expiryGrace).plus(MARGIN);
        this.clock = clock;
        this.zone = prices.zone().getId();
    }

    /**
     * Compares what is new, if it is time and no other replica is at it.
     *
     * @param rows of the ledger and of the events at most
     * @return whether there is more at once
     */
    boolean compareNew(int rows) {
        return told(batch.transact(connection -> {
            if (Sql.first(connection, TURN, row -> true).isEmpty()) {
                return NOTHING;
            }
            SessionPart part = part(connection, NEXT, rows, rows, rows, PAUSE_SECONDS);
            Set<UUID> sessions = new LinkedHashSet<>(List.of(part.sessions()));
            if (!part.more()) {
                sessions.addAll(
                        Sql.list(connection, EACH_MINUTE, row -> row.getObject("session_id", UUID.class), dueBefore()));
            }
            return compare(connection, sessions.toArray(UUID[]::new), part.more());
        }));
    }

    /**
     * Compares the next range of the night, if it is night and no other replica is at it.
     *
     * @param size of the range in sessions
     * @return whether another range follows
     */
    boolean compareRange(int size) {
        return told(batch.transact(connection -> {
            if (Sql.first(connection, TURN_OF_THE_NIGHT, row -> true).isEmpty()) {
                return NOTHING;
            }
            SessionPart part = part(connection, NEXT_RANGE, size, 2 * size, size, 2 * size);
            if (!part.more()) {
                Sql.execute(connection, UNTIL_THE_NEXT_NIGHT, zone);
            }
            return compare(connection, part.sessions(), part.more());
        }));
    }

    private static SessionPart part(Connection connection, String next, Object... parameters) throws SQLException {
        return Sql.first(
                        connection,
                        next,
                        row -> new SessionPart((UUID[]) row.getArray("sessions").getArray(), row.getBoolean("more")),
                        parameters)
                .orElseThrow();
    }

    private ComparisonStep compare(Connection connection, UUID[] sessions, boolean more) throws SQLException {
        Sql.first(connection, ONE_AFTER_THE_OTHER, row -> true);
        Array compared = connection.createArrayOf("uuid", sessions);
        List<Change> changes = Sql.list(
                connection,
                COMPARE,
                row -> new Change(
                        row.getObject("session_id", UUID.class), row.getString("kind"), row.getBoolean("is_new")),
                dueBefore(),
                compared,
                compared);
        return new ComparisonStep(changes, more);
    }

    /** By the time on which the replicas agree, as {@code init_at}. */
    private Instant dueBefore() {
        return clock.instant().minus(longestOpen);
    }

    private static boolean told(ComparisonStep step) {
        for (Change one : step.changes()) {
            if (one.isNew()) {
                LOG.errorf("books.differ sessionId=%s kind=%s", one.session(), one.kind());
            } else {
                LOG.infof("books.mended sessionId=%s kind=%s", one.session(), one.kind());
            }
        }
        return step.more();
    }
}
