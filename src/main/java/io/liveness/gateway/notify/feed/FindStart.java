package io.liveness.gateway.notify.feed;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Finds where the feed of a caller, or a replay of it, begins at a time. No index has the times: they follow the numbers, which one has. */
@Singleton
public class FindStart {

    /**
     * The span by which times may be out of order: an event may be recorded after some attempts, clocks differ, and no
     * statement that writes one runs for as long.
     */
    public static final Duration DISORDER = Duration.ofMinutes(5);

    /**
     * $1 the caller, $2 the time less the disorder, $3 the time. Each step of the search halves the numbers between {@code low}, up to which
     * all is older, and {@code high}. What is read after it is of the disorder's minutes, whatever the history.
     */
    private static final String START = """
            with recursive search as (
                select 0::bigint as low,
                    (select seq from event_log where caller = $1 order by caller desc, seq desc limit 1) as high
                union all
                select case when e.at < $2 then e.seq else s.low end,
                       case when e.at < $2 then s.high else s.low + (s.high - s.low) / 2 end
                from search s cross join lateral (
                    select seq, at from event_log
                    where caller = $1 and seq > s.low + (s.high - s.low) / 2
                    order by caller, seq limit 1) e
                where s.low < s.high
            ), start as (
                select max(low) as number from search
            )
            select number,
                least(
                    (select seq from event_log
                     where caller = $1 and seq > start.number and at >= $3 order by caller, seq limit 1),
                    (select seq from webhook_endpoint_event
                     where caller = $1 and seq > start.number and at >= $3 order by caller, seq limit 1)) as first
            from start
            """;

    private final Database database;

    FindStart(Database database) {
        this.database = database;
    }

    /**
     * Where the feed begins.
     *
     * @param number up to which all events are older, also those that are being written
     * @param first the first event of that time or later, if one is stored
     */
    public record Start(long number, Optional<Long> first) {

        /** @param complete no event up to this number can appear any more */
        long after(long complete) {
            return Math.max(number, Math.min(complete, first.orElse(Long.MAX_VALUE) - 1));
        }

        private static Start of(Row row) {
            return new Start(row.getLong("number"), Optional.ofNullable(row.getLong("first")));
        }
    }

    public Uni<Start> find(String caller, Instant time) {
        return database.read(START, Tuple.of(caller, SqlValues.time(time.minus(DISORDER)), SqlValues.time(time)))
                .map(rows -> Start.of(rows.iterator().next()));
    }
}
