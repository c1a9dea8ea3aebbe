package io.liveness.gateway.notify.feed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.notify.Event;
import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.PageToken;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** Reads the events of a caller in the order of their numbers, as far as they are complete. It remembers the mark. */
@Singleton
public class ReadFeed {

    /**
     * $1 the caller, $2 after which number. An insert holds its lock on the table until its transaction has ended, and has it before it takes
     * a number. The number is that of an event that is stored, not the last one given: after a crash PostgreSQL may give that again. The locks
     * are read only when the caller has an event that it may not have read.
     */
    private static final String MARK = """
            -- Materialized so that its two look-ups are made once: an idle caller's look takes 0.07 ms, and 0.10 without.
            with own as materialized (
                select greatest(
                    (select seq from event_log where caller = $1 order by caller desc, seq desc limit 1),
                    (select seq from webhook_endpoint_event where caller = $1 order by caller desc, seq desc limit 1)) as newest
            )
            select epoch, coalesce(goes_on_after, 0) as goes_on_after, own.newest as own,
                greatest(
                    own.newest,
                    (select seq from event_log
                     where type in ('OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF')
                     order by seq desc limit 1)) as newest,
                least(
                    (select at from event_log where caller = $1 order by caller, seq limit 1),
                    (select at from webhook_endpoint_event where caller = $1 order by caller, seq limit 1)) as oldest,
                case when own.newest > $2 then array(
                    select l.virtualtransaction from pg_locks l
                    where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted
                      and l.database = (select oid from pg_database where datname = current_database())
                      and l.relation in ('session_event'::regclass, 'webhook_endpoint_event'::regclass)) end as writing
            from feed_epoch cross join own where only_row
            """;

    /**
     * What callers are told: the columns {@code seq, id, session_id, endpoint_id, at, type, data} of an entry {@code e} of
     * {@code event_log}. {@code data} has the session's {@code status} and {@code charge}, and nothing that is for others.
     */
    private static final String TOLD_OF_SESSION = """
            select e.seq, e.id, e.session_id, null::uuid as endpoint_id, e.at,
                   case e.type
                       when 'OUTCOME_UNKNOWN' then 'liveness.session.unknown'
                       when 'ERASED' then 'liveness.session.redacted'
                       else 'liveness.session.settled'
                   end as type,
                   case e.type
                       when 'OUTCOME_UNKNOWN' then '{"status":"UNKNOWN","charge":"UNCONFIRMED"}'::jsonb
                       when 'ERASED' then '{}'::jsonb
                       else e.detail
                   end as data
            """;

    /**
     * What a caller is told, in the order of its numbers, as a part of a query: replays read it too. What is given is SQL.
     *
     * @param after which number
     * @param upto which number
     * @param limit how many
     */
    public static String ofCaller(String caller, String after, String upto, String limit) {
        String first = "where e.caller = " + caller + " and e.seq > " + after + " and e.seq <= " + upto
                + " order by e.caller, e.seq limit " + limit;
        return "(" + TOLD_OF_SESSION + "from event_log e " + first + """
                ) union all (
                select e.seq, e.id, null, e.endpoint_id, e.at, e.type, e.data from webhook_endpoint_event e
                """ + first + ") order by seq limit " + limit;
    }

    /** $1 the caller, $2 after which number, $4 up to which one, $5 how many at most. */
    private static final String OF_CALLER = "with event as (" + ofCaller("$1", "$2", "$4", "$5") + ")\n";

    /**
     * What a caller is told of one session, whose few events are found by its key. $1 the caller, $2 after which
     * number, $4 up to which one, $5 how many at most, $7 the session.
     */
    private static final String OF_SESSION = """
            -- Materialized so that the session's key finds them: beside 4,000 events of the caller it takes 0.05 ms, and 0.66 without, by
            -- the index of the caller.
            with of_session as materialized (
                select * from event_log where session_id = $7
            ), event as (
            """ + TOLD_OF_SESSION + """
                from of_session e
                where e.caller = $1 and e.seq > $2 and e.seq <= $4
                order by e.seq limit $5)
            """;

    /** $3 how many of them at most, $6 of which type, or null. One row at least, with how far it has read. */
    private static final String SHOWN = """
            select scan.events, scan.last, e.seq, e.id as event_id, e.session_id, e.endpoint_id, e.type, e.at, e.data,
                   (select s.reference from session_outcome s where s.session_id = e.session_id) as reference
            from (select count(*) as events, max(seq) as last from event) scan
            left join lateral (select * from event where type = $6 or $6::text is null order by seq limit $3) e on true
            order by e.seq
            """;

    /** Events that a request for one type reads: others are among them. What it costs does not grow with the history. */
    private static final int READ_AT_MOST = 1_000;

    private final Database database;
    private final FindStart start;
    private final AtomicReference<Mark> mark = new AtomicReference<>(Mark.NONE);

    ReadFeed(Database database, FindStart start) {
        this.database = database;
        this.start = start;
    }

    /**
     * How far the events are known to be complete. Events get their numbers before their transactions commit, so that a number may become
     * visible after a higher one. See docs/decisions/0050.
     *
     * @param epoch of the database: after a restore nothing of what was known before counts
     * @param complete no event up to this number can appear any more
     * @param upto the number of an event that was committed when the mark was taken
     * @param writers the transactions that wrote events then, as far as they may still run: when all have ended, no event up to
     *     {@code upto} can appear any more
     */
    record Mark(long epoch, long complete, long upto, Set<String> writers) {

        static final Mark NONE = of(0);

        private static Mark of(long epoch) {
            return new Mark(epoch, 0, 0, Set.of());
        }

        /**
         * The mark after a look at the database that began when this one was known.
         *
         * @param now the epoch
         * @param newest the number of a committed event
         * @param writing the transactions that write events
         */
        Mark after(long now, long newest, Set<String> writing) {
            if (now != epoch) {
                return of(now).after(now, newest, writing);
            }
            if (writing.isEmpty()) {
                return new Mark(epoch, Math.max(complete, newest), newest, writing);
            }
            Set<String> running = new HashSet<>(writers);
            running.retainAll(writing);
            return running.isEmpty()
                    ? new Mark(epoch, Math.max(complete, upto), newest, writing)
                    : new Mark(epoch, complete, upto, running);
        }
    }

    /**
     * A place in the feed of a caller.
     *
     * @param epoch of the database: another one after each restore
     * @param number of the last event before it
     */
    record Cursor(long epoch, long number) {

        /** @param token of the parameter {@code after} */
        static Cursor decode(String token, String caller) {
            UUID place = PageToken.decode("after", token, of(caller)).after();
            return new Cursor(place.getMostSignificantBits(), place.getLeastSignificantBits());
        }

        private String encode(String caller) {
            return new PageToken(new UUID(epoch, number)).encode(of(caller));
        }

        private static List<?> of(String caller) {
            return List.of("feed", caller);
        }
    }

    /**
     * A part of the feed.
     *
     * @param next the cursor of the next part
     * @param oldest the time of the oldest event that is left of the whole feed; null without any
     * @param rest what there is beside it at the moment
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FeedPart(
            List<Event> items,
            String next,
            Instant oldest,
            @JsonIgnore Rest rest) {

        /** A part is awaited when it is empty and nothing can be read at once. */
        boolean awaitsMore() {
            return items.isEmpty() && rest != Rest.UNREAD;
        }
    }

    /** What a part leaves. */
    enum Rest {
        NONE,
        /** Events that are not complete: transactions that write them, or others, have not ended. */
        INCOMPLETE,
        /** Events that were not read. */
        UNREAD
    }

    /** The events that a reader wants. */
    record FeedFilter(Optional<EventType> type, Optional<UUID> session, int limit) {

        private int reads() {
            return type.isEmpty() ? limit : Math.max(limit, READ_AT_MOST);
        }

        private Tuple arguments(String caller, long after, long upto) {
            Tuple arguments = Tuple.of(
                    caller,
                    after,
                    limit,
                    upto,
                    reads(),
                    type.map(EventType::type).orElse(null));
            session.ifPresent(arguments::addUUID);
            return arguments;
        }
    }

    /** The part after the cursor; without one that from the beginning on. */
    Uni<FeedPart> after(Optional<Cursor> cursor, FeedFilter filter, String caller) {
        long number = cursor.map(Cursor::number).orElse(0L);
        return look(caller, number).chain(look -> {
            cursor.ifPresent(given -> refuseAnotherEpoch(given, caller, look));
            return read(number, look, filter, caller);
        });
    }

    /** The part that begins with the first event of that time or later. */
    Uni<FeedPart> from(Instant time, FeedFilter filter, String caller) {
        // The look comes before the search, which sees all that is complete.
        return look(caller, 0)
                .chain(look -> start.find(caller, time)
                        .chain(found -> read(found.after(look.complete()), look, filter, caller)));
    }

    /**
     * What was seen of the database.
     *
     * @param oldest as in a part
     * @param own the newest event of the caller, when it is after the number that was asked with; else 0
     * @param complete no event up to this number can appear any more; 0 when there are no more
     */
    private record Look(long epoch, long goesOnAfter, Instant oldest, long own, long complete) {

        private static Look of(Row row, long own, long complete) {
            return new Look(
                    row.getLong("epoch"), row.getLong("goes_on_after"), Database.time(row, "oldest"), own, complete);
        }
    }

    private Uni<Look> look(String caller, long number) {
        // Known before the look begins. When another look has moved the mark meanwhile, that one counts.
        Mark known = mark.get();
        return database.read(MARK, Tuple.of(caller, number))
                .map(rows -> rows.iterator().next())
                .map(row -> {
                    String[] writing = row.getArrayOfStrings("writing");
                    if (writing == null) {
                        return Look.of(row, 0, 0);
                    }
                    Mark next = known.after(row.getLong("epoch"), row.getLong("newest"), Set.copyOf(List.of(writing)));
                    mark.compareAndSet(known, next);
                    return Look.of(row, row.getLong("own"), next.complete());
                });
    }

    private Uni<FeedPart> read(long number, Look look, FeedFilter filter, String caller) {
        Cursor from = new Cursor(look.epoch(), number);
        return look.own() > number
                ? database.read(
                                (filter.session().isPresent() ? OF_SESSION : OF_CALLER) + SHOWN,
                                filter.arguments(caller, number, look.complete()))
                        .map(rows -> part(rows, from, look, filter, caller))
                : Uni.createFrom().item(new FeedPart(List.of(), from.encode(caller), look.oldest(), Rest.NONE));
    }

    /** What was given out before a restore goes on with what came after it. */
    private static void refuseAnotherEpoch(Cursor cursor, String caller, Look look) {
        if (cursor.epoch() != look.epoch()) {
            Cursor next = new Cursor(look.epoch(), Math.min(cursor.number(), look.goesOnAfter()));
            throw new ProblemException(
                            ProblemCode.FEED_RESTORED,
                            "The gateway's database was restored since this cursor was given. Go on with `next`, and ignore events that you"
                                    + " have. What happened shortly before the restore may be missing: read the sessions that you wait for.")
                    .next(next.encode(caller));
        }
    }

    private static FeedPart part(RowSet<Row> rows, Cursor from, Look look, FeedFilter filter, String caller) {
        List<Event> events = new ArrayList<>();
        long last = 0;
        for (Row row : rows) {
            if (row.getUUID("event_id") != null) {
                events.add(Event.of(row));
                last = row.getLong("seq");
            }
        }
        Row any = rows.iterator().next();
        boolean all = any.getLong("events") < filter.reads();
        if (events.size() < filter.limit()) {
            last = all ? look.complete() : any.getLong("last");
        }
        Rest rest = look.own() <= last ? Rest.NONE : all ? Rest.INCOMPLETE : Rest.UNREAD;
        String next = new Cursor(from.epoch(), Math.max(from.number(), last)).encode(caller);
        return new FeedPart(events, next, look.oldest(), rest);
    }
}
