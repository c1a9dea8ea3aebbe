package io.liveness.gateway.statement.matching;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.reading.Reading;
import io.liveness.gateway.statement.reading.Reading.Totals;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;

/**
 * Matches a statement: lines by task number, then lines without a known one by time and amount, then the sessions that are left. To be
 * used on a thread that may wait. A statement is matched once; an import that was broken off begins anew.
 */
@Singleton
public class MatchStatement {

    // A statement of SQL for so many takes some tens of milliseconds.
    private static final int AT_ONCE = 2_000;
    private static final UUID LOWEST = new UUID(0, 0);

    private final Database database;
    private final Duration tolerance;
    private final Duration window;

    MatchStatement(Database database, MatchingConfig config) {
        this.database = database;
        this.tolerance = config.cutOffTolerance();
        this.window = config.lostInitWindow();
    }

    /** @param progress receives the number of matched lines after each step, also when it has not changed */
    public void match(MatchOrder order, IntConsumer progress) {
        Optional<Instant> end = order.end();
        if (end.isPresent()) {
            int matched = lines(order, time(end.get()), progress);
            Runnable step = () -> progress.accept(matched);
            lost(order, time(end.get()), step);
            sessions(order, time(order.begin().orElse(Instant.EPOCH)), time(end.get()), step);
        } else {
            // Not one line has a time: whatever they are, there is nothing to hold them against.
            lines(order, time(Instant.EPOCH), progress);
        }
        totals(order);
    }

    private int lines(MatchOrder order, OffsetDateTime end, IntConsumer progress) {
        int matched = 0;
        int last = 0;
        int count;
        do {
            Row row = one(MatchSql.LINES, Tuple.of(order.statement(), last, AT_ONCE, order.currency(), end));
            count = row.getInteger(0);
            if (count > 0) {
                last = row.getInteger(1);
                matched += count;
                progress.accept(matched);
            }
        } while (count == AT_ONCE);
        return matched;
    }

    private void lost(MatchOrder order, OffsetDateTime end, Runnable step) {
        UUID last = LOWEST;
        int count;
        do {
            Row row = one(
                    MatchSql.LOST,
                    Tuple.tuple()
                            .addUUID(order.statement())
                            .addUUID(last)
                            .addInteger(AT_ONCE)
                            .addString(order.currency())
                            .addOffsetDateTime(end)
                            .addLong(window.toMillis())
                            .addString(MatchKind.MISSING_IN_LEDGER.name()));
            count = row.getInteger(0);
            last = row.getUUID(1);
            step.run();
        } while (count == AT_ONCE);
    }

    private void sessions(MatchOrder order, OffsetDateTime begin, OffsetDateTime end, Runnable step) {
        Row neighbours = one(OtherBills.NEIGHBOURS, Tuple.of(order.statement(), begin, end));
        boolean isBefore = neighbours.getBoolean(0);
        boolean isBehind = neighbours.getBoolean(1);
        // The row comparison is greater than: just before the first moment.
        OffsetDateTime last = begin.minus(tolerance).minusNanos(1_000);
        UUID id = new UUID(-1, -1);
        long place = MatchSql.SESSIONS;
        int count;
        do {
            Row row = one(
                    MatchSql.SESSIONS_WITHOUT_LINE,
                    Tuple.tuple()
                            .addUUID(order.statement())
                            .addOffsetDateTime(last)
                            .addUUID(id)
                            .addInteger(AT_ONCE)
                            .addOffsetDateTime(begin)
                            .addOffsetDateTime(end)
                            .addLong(tolerance.toMillis())
                            .addLong(place)
                            .addLong(window.toMillis())
                            .addBoolean(isBefore)
                            .addBoolean(isBehind));
            count = row.getInteger(0);
            last = row.getOffsetDateTime(1);
            id = row.getUUID(2);
            place += AT_ONCE;
            step.run();
        } while (count == AT_ONCE);
    }

    private void totals(MatchOrder order) {
        Reading reading = order.reading();
        Optional<Totals> stated = reading.stated();
        stated.flatMap(Totals::sum)
                .filter(sum -> sum != reading.sum())
                .ifPresent(sum -> total(order, 0, "sum of the lines, as the file states it", reading.sum(), sum));
        stated.flatMap(Totals::lines)
                .filter(lines -> lines != reading.lines())
                .ifPresent(lines ->
                        total(order, 1, "the file states " + lines + " lines and has " + reading.lines(), null, null));
        order.invoice()
                .filter(sum -> sum != reading.charged())
                .ifPresent(
                        sum -> total(order, 2, "invoice, against the lines that are charges", reading.charged(), sum));
    }

    private void total(MatchOrder order, int place, String what, Long ours, Long stated) {
        wait(database.execute(
                MatchSql.CONTROL_TOTAL,
                Tuple.tuple()
                        .addUUID(order.statement())
                        .addInteger(place)
                        .addString(what)
                        .addLong(ours)
                        .addLong(stated)
                        .addString(ours == null ? null : order.currency())));
    }

    private Row one(String sql, Tuple parameters) {
        return wait(database.execute(sql, parameters)).iterator().next();
    }

    private static <T> T wait(Uni<T> work) {
        return work.await().indefinitely();
    }

    private static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
