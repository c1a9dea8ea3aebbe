package io.liveness.gateway.session.books;

import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.session.SessionConfig;
import io.liveness.gateway.vendor.LivenessVendor;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Compares sessions with their ledger entries, events and places on the schedule. Each minute it compares what is new, what is known to
 * differ, what is overdue, and what is missing on the schedule; each night all, by ranges of ids. One replica at a time does a step, in
 * one transaction; after a crash any replica goes on with the next.
 */
@Singleton
class CompareBooks {

    /** Rows of the ledger and moves of the events that a step of the minute reads at most. */
    static final int NEW_ROWS = 5_000;

    /** Between two minutes: less than a minute, so that the next run of any replica finds it over. */
    private static final int PAUSE_SECONDS = 50;

    /** Sessions that a step of the night compares, and twice as many ledger entries. */
    static final int RANGE = 5_000;

    /** Stored differences at most, of overdue ones and of others; the rest is found again later. */
    private static final int KEPT = 500;

    private static final Logger LOG = Logger.getLogger(CompareBooks.class);

    // Writing off takes a moment after the end.
    private static final Duration MARGIN = Duration.ofMinutes(15);

    /** Empty when it is not yet time, or another replica is at it. */
    private static final String TURN = """
            select entry_from, entry_to, event_from, event_to from books_comparison
            where next_pass_at <= liveness_now()
            for update skip locked
            """;

    /** From an entry and from an event on, as many of both at most: how many there are, and the last ones. */
    private static final String NEW = """
            select entries, last_entry, events, last_event
            from (select count(*) as entries, max(id) as last_entry
                  from (select id from ledger_entry where id > ? order by id limit ?) e) entry,
                 (select count(*) as events, max(seq) as last_event
                  from (select seq from session_event
                        where seq > ? and type in ('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF')
                        order by seq limit ?) e) event
            """;

    /** Of entries between two ids, of events between two others, known ones, those open for so many milliseconds, and unscheduled. */
    private static final String TO_COMPARE = """
            select session_id from ledger_entry where id > ? and id <= ? and kind <> 'ADJUSTMENT'
            union
            select session_id from session_event
            where seq > ? and seq <= ? and type in ('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF')
            union
            select session_id from books_difference
            union
            (select id from liveness_session
             where %1$s and init_at <= liveness_now() - ? * interval '1 millisecond'
             order by init_at limit %2$d)
            union
            (select id from liveness_session s
             where %1$s and not exists (select from session_schedule p where p.session_id = s.id)
             limit %2$d)
            """.formatted(DifferenceKind.UNENDED, KEPT);

    /**
     * The differences of sessions: what session, ledger, schedule and events say, side by side. The last events decide: before them the
     * key may have been refused any number of times.
     */
    static final String DIFFERENCES = """
            select id, kind, coalesce(fee_amount, 0) as fee_amount
            from (select compared.id, liveness_now() - ? * interval '1 millisecond' as due_before,
                         s.id is not null as there, s.status, s.charge_status, s.fee_amount * 10000 + s.fee_fraction as fee_amount, s.fee_currency,
                         s.task_no, s.verdict_code, s.init_at, pre.amount * 10000 + pre.fraction as pre_amount, pre.currency as pre_currency, pre.task_no as pre_task_no,
                         fin.kind as end_kind, fin.amount * 10000 + fin.fraction as end_amount, fin.currency as end_currency, fin.task_no as end_task_no,
                         schedule.status as scheduled_as, event.*
                  from unnest(?::uuid[]) compared (id)
                  left join liveness_session s on s.id = compared.id
                  left join ledger_entry pre on pre.session_id = compared.id and pre.kind = 'PRE_DEDUCT'
                  left join ledger_entry fin on fin.session_id = compared.id and fin.kind in ('CHARGE', 'REFUND')
                  left join session_schedule schedule on schedule.session_id = compared.id
                  cross join lateral (
                      select coalesce(bool_or(type = 'OPENING'), false) as stored,
                             coalesce(bool_or(type = 'OPENED'), false) as opened,
                             coalesce(bool_or(type = 'REJECTED'), false) as rejected,
                             coalesce(bool_or(type = 'OUTCOME_UNKNOWN'), false) as lost,
                             coalesce(bool_or(type = 'SETTLED'), false) as settled,
                             coalesce(bool_or(type = 'WRITTEN_OFF'), false) as written_off,
                             max(detail ->> 'charge') filter (where type = 'OPENED') as opened_charge,
                             max(detail ->> 'status') filter (where type in ('SETTLED', 'WRITTEN_OFF')) as ended_status,
                             max(detail ->> 'charge') filter (where type in ('SETTLED', 'WRITTEN_OFF')) as ended_charge
                      from (select type, detail from session_event
                            where session_id = compared.id
                              and type not in ('CHECKED', 'FACE_REDACTED', 'THINNED', 'ERASED', 'DATA_READ')
                            order by seq desc limit 20) move) event) judged
            cross join lateral unnest(array[%s]) kind
            where kind is not null
            """.formatted(DifferenceKind.rules());

    private static final String ADVANCE = """
            update books_comparison
            set passes = passes + 1, compared_at = liveness_now(), next_pass_at = liveness_now() + ? * interval '1 second',
                entry_from = ?, entry_to = ?, event_from = ?, event_to = ?
            """;

    /** Empty by day, and while another replica is at it. */
    private static final String TURN_OF_THE_NIGHT = """
            select session_from, entry_from from books_night where due_at <= liveness_now() for update skip locked
            """;

    private static final String SESSIONS = "select id from liveness_session where id > ? order by id limit ?";

    /** Entries from an id on, and of each the session that it should have and has not. */
    private static final String ENTRIES = """
            select e.id, case when s.id is null and e.kind <> 'ADJUSTMENT' then e.session_id end as missing
            from ledger_entry e left join liveness_session s on s.id = e.session_id
            where e.id > ?
            order by e.id limit ?
            """;

    private static final String ADVANCE_IN_THE_NIGHT = "update books_night set session_from = ?, entry_from = ?";

    /** At two o'clock in a time zone. */
    private static final String UNTIL_THE_NEXT_NIGHT = """
            update books_night
            set due_at = (date_trunc('day', liveness_now() at time zone zone - interval '2 hours') + interval '26 hours') at time zone zone,
                session_from = '00000000-0000-0000-0000-000000000000', entry_from = 0
            from (select ?::text as zone) night
            """;

    private static final String STANDING = """
            select compared_at < liveness_now() - interval '5 minutes' as stale, kind, differences, fee_amount
            from books_comparison left join (
                select kind, count(*) as differences, sum(fee_amount * 10000 + fee_fraction) as fee_amount
                from books_difference group by kind) d on true
            """;

    private record Turn(long entryFrom, long entryTo, long eventFrom, long eventTo) {}

    private record New(int entries, long lastEntry, int events, long lastEvent) {

        boolean isFull() {
            return entries == NEW_ROWS || events == NEW_ROWS;
        }
    }

    private record Night(UUID sessionFrom, long entryFrom) {}

    /** @param missing the session that it has not; null as a rule */
    private record Entry(long id, UUID missing) {}

    private record Difference(UUID session, String kind) {

        boolean isOverdue() {
            return kind.equals(DifferenceKind.OVERDUE.code());
        }
    }

    private record Step(List<Difference> found, List<Difference> mended, boolean moreAtOnce) {}

    private static final Step NOTHING = new Step(List.of(), List.of(), false);

    /** Differences that are known and not mended, and the sum of their fees in ten-thousandths of a minor unit. */
    record Known(long count, long fees) {}

    private final Batch batch;
    private final double longestOpenMillis;
    private final String zone;

    CompareBooks(Batch batch, LivenessVendor vendor, SessionConfig config, Prices prices) {
        this.batch = batch;
        this.longestOpenMillis =
                vendor.tokenLifetime().plus(config.expiryGrace()).plus(MARGIN).toMillis();
        this.zone = prices.zone().getId();
    }

    /**
     * Compares what is new, if it is time and no other replica is at it. The next minute reads it once more, since a row may become visible
     * late; not while there is more than a step reads.
     *
     * @return whether there is more at once
     */
    boolean compareNew() {
        return told(batch.transact(connection -> {
            Optional<Turn> turn = Sql.first(connection, TURN, CompareBooks::turn);
            return turn.isPresent() ? compareNew(connection, turn.get()) : NOTHING;
        }));
    }

    private Step compareNew(Connection connection, Turn turn) throws SQLException {
        New read = Sql.first(
                        connection, NEW, CompareBooks::read, turn.entryFrom(), NEW_ROWS, turn.eventFrom(), NEW_ROWS)
                .orElseThrow();
        Set<Difference> known = known(connection);
        List<UUID> sessions = Sql.list(
                connection,
                TO_COMPARE,
                row -> row.getObject(1, UUID.class),
                turn.entryFrom(),
                read.lastEntry(),
                turn.eventFrom(),
                read.lastEvent(),
                longestOpenMillis);
        Step step = keep(connection, known, differences(connection, sessions), true, read.isFull());
        long entryTo = Math.max(turn.entryTo(), read.lastEntry());
        long eventTo = Math.max(turn.eventTo(), read.lastEvent());
        Sql.execute(
                connection,
                ADVANCE,
                read.isFull() ? 0 : PAUSE_SECONDS,
                read.isFull() ? entryTo : turn.entryTo(),
                entryTo,
                read.isFull() ? eventTo : turn.eventTo(),
                eventTo);
        return step;
    }

    /**
     * Compares the next range of the night, if it is night and no other replica is at it.
     *
     * @return whether another range follows
     */
    boolean compareRange() {
        return told(batch.transact(connection -> {
            Optional<Night> night = Sql.first(connection, TURN_OF_THE_NIGHT, CompareBooks::night);
            return night.isPresent() ? compareRange(connection, night.get()) : NOTHING;
        }));
    }

    private Step compareRange(Connection connection, Night night) throws SQLException {
        List<UUID> sessions =
                Sql.list(connection, SESSIONS, row -> row.getObject("id", UUID.class), night.sessionFrom(), RANGE);
        List<Entry> entries = Sql.list(connection, ENTRIES, CompareBooks::entry, night.entryFrom(), 2 * RANGE);
        List<UUID> all = Stream.concat(
                        sessions.stream(),
                        entries.stream()
                                .map(Entry::missing)
                                .filter(Objects::nonNull)
                                .distinct())
                .toList();
        boolean more = !sessions.isEmpty() || !entries.isEmpty();
        Step step = keep(connection, known(connection), differences(connection, all), false, more);
        if (more) {
            Sql.execute(
                    connection,
                    ADVANCE_IN_THE_NIGHT,
                    sessions.isEmpty() ? night.sessionFrom() : sessions.get(sessions.size() - 1),
                    entries.isEmpty()
                            ? night.entryFrom()
                            : entries.get(entries.size() - 1).id());
        } else {
            Sql.execute(connection, UNTIL_THE_NEXT_NIGHT, zone);
        }
        return step;
    }

    private static Set<Difference> known(Connection connection) throws SQLException {
        return new HashSet<>(
                Sql.list(connection, "select session_id as id, kind from books_difference", CompareBooks::difference));
    }

    /** Each with the session's fee in ten-thousandths of a minor unit. */
    private Map<Difference, Long> differences(Connection connection, List<UUID> sessions) throws SQLException {
        Map<Difference, Long> found = new LinkedHashMap<>();
        Sql.list(
                connection,
                DIFFERENCES,
                row -> found.put(difference(row), row.getLong("fee_amount")),
                longestOpenMillis,
                connection.createArrayOf("uuid", sessions.toArray(UUID[]::new)));
        return found;
    }

    /**
     * @param known before the comparison
     * @param mends whether all that is known was compared
     */
    private static Step keep(
            Connection connection,
            Set<Difference> known,
            Map<Difference, Long> differences,
            boolean mends,
            boolean moreAtOnce)
            throws SQLException {
        List<Difference> mended = new ArrayList<>();
        List<Difference> found = new ArrayList<>();
        for (Difference one : mends ? List.copyOf(known) : List.<Difference>of()) {
            if (!differences.containsKey(one)) {
                Sql.execute(
                        connection,
                        "delete from books_difference where session_id = ? and kind = ?",
                        one.session(),
                        one.kind());
                known.remove(one);
                mended.add(one);
            }
        }
        for (Difference one : differences.keySet()) {
            boolean fits = known.stream()
                            .filter(other -> other.isOverdue() == one.isOverdue())
                            .count()
                    < KEPT;
            if (fits && known.add(one)) {
                Sql.execute(connection, """
                        insert into books_difference (session_id, kind, fee_amount, fee_fraction, found_at)
                        select ?, ?, fee / 10000, fee % 10000, liveness_now() from (select ?::bigint as fee) found on conflict do nothing
                        """, one.session(), one.kind(), differences.get(one));
                found.add(one);
            }
        }
        return new Step(found, mended, moreAtOnce);
    }

    private static boolean told(Step step) {
        step.found().forEach(one -> LOG.errorf("books.differ sessionId=%s kind=%s", one.session(), one.kind()));
        step.mended().forEach(one -> LOG.infof("books.mended sessionId=%s kind=%s", one.session(), one.kind()));
        return step.moreAtOnce();
    }

    /** How the books stand by what any replica has compared; empty when the last comparison was more than five minutes ago. */
    Optional<Map<String, Known>> standing() {
        Map<String, Known> standing = new HashMap<>();
        boolean stale = batch.read(connection -> Sql.list(connection, STANDING, row -> {
                    standing.put(
                            row.getString("kind"), new Known(row.getLong("differences"), row.getLong("fee_amount")));
                    return row.getBoolean("stale");
                }))
                .contains(true);
        return stale ? Optional.empty() : Optional.of(standing);
    }

    private static Turn turn(ResultSet row) throws SQLException {
        return new Turn(
                row.getLong("entry_from"), row.getLong("entry_to"), row.getLong("event_from"), row.getLong("event_to"));
    }

    private static New read(ResultSet row) throws SQLException {
        return new New(
                row.getInt("entries"), row.getLong("last_entry"), row.getInt("events"), row.getLong("last_event"));
    }

    private static Night night(ResultSet row) throws SQLException {
        return new Night(row.getObject("session_from", UUID.class), row.getLong("entry_from"));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(row.getLong("id"), row.getObject("missing", UUID.class));
    }

    private static Difference difference(ResultSet row) throws SQLException {
        return new Difference(row.getObject("id", UUID.class), row.getString("kind"));
    }
}
