package io.liveness.gateway.notification.feed;

import io.liveness.gateway.notification.EventKind;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Reads the events of a caller in the order of their numbers, as far as they are complete. */
@Singleton
class ReadFeed {

    private static final String MARK = "select upto, before::text from event_mark()";

    /** $1 the caller, $2 after which number, $3 how many, $4 and $5 the marks. */
    private static final String READ = """
            with complete as materialized (
                select coalesce(max(m.upto), -1) as upto
                from unnest($4::int8[], $5::text[]) as m (upto, before)
                where m.before::xid8 <= pg_snapshot_xmin(pg_current_snapshot())
            ), event as (
                (select e.seq, e.id, e.session_id, null::uuid as endpoint_id, e.at, e.detail as data,
                        case e.type when 'OUTCOME_UNKNOWN' then '%1$s' when 'ERASED' then '%3$s' else '%2$s' end as type,
                        case e.type when 'OUTCOME_UNKNOWN' then 'UNKNOWN' else e.detail ->> 'status' end as status,
                        case e.type when 'OUTCOME_UNKNOWN' then 'UNCONFIRMED' else e.detail ->> 'charge' end as charge
                 from session_event e
                 where e.caller = $1 and e.seq > $2 and e.seq <= (select upto from complete)
                 order by e.caller, e.seq limit $3)
                union all
                (select e.seq, e.id, null, e.endpoint_id, e.at, e.data, e.type, null, null
                 from webhook_endpoint_event e
                 where e.caller = $1 and e.seq > $2 and e.seq <= (select upto from complete)
                 order by e.caller, e.seq limit $3)
                order by seq limit $3
            )
            select e.seq, e.id, e.session_id, e.endpoint_id, e.type, e.at, e.status, e.charge, e.data ->> 'error' as error,
                   (select s.reference from liveness_session s where s.id = e.session_id) as reference
            from event e order by e.seq
            """.formatted(
            EventKind.SESSION_UNKNOWN.type(), EventKind.SESSION_SETTLED.type(), EventKind.SESSION_REDACTED.type());

    private final Database database;
    private final FeedMarks marks;

    ReadFeed(Database database, FeedMarks marks) {
        this.database = database;
        this.marks = marks;
    }

    /** @param last number of the last event; that of the part before when there is none */
    record Part(List<FeedEvent> events, long last) {}

    Uni<Part> after(String caller, long number, int limit) {
        return database.execute(MARK, Tuple.tuple()).invoke(this::mark).chain(() -> read(caller, number, limit));
    }

    private void mark(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        marks.add(new FeedMarks.Mark(row.getLong(0), row.getString(1), System.nanoTime()));
    }

    private Uni<Part> read(String caller, long number, int limit) {
        List<FeedMarks.Mark> known = marks.all();
        return database.execute(
                        READ,
                        Tuple.of(
                                caller,
                                number,
                                limit,
                                known.stream().map(FeedMarks.Mark::upto).toArray(Long[]::new),
                                known.stream().map(FeedMarks.Mark::before).toArray(String[]::new)))
                .map(rows -> part(rows, number));
    }

    private static Part part(RowSet<Row> rows, long number) {
        List<FeedEvent> events = new ArrayList<>();
        long last = number;
        for (Row row : rows) {
            events.add(FeedEvent.of(row));
            last = row.getLong("seq");
        }
        return new Part(events, last);
    }
}
