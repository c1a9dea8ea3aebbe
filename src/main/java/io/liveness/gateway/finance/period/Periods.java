package io.liveness.gateway.finance.period;

import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.period.Period.Act;
import io.liveness.gateway.finance.period.Period.Closing;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the months of the books. */
@Singleton
class Periods {

    private final Database database;
    private final Prices prices;

    Periods(Database database, Prices prices) {
        this.database = database;
        this.prices = prices;
    }

    Uni<Calendar> calendar() {
        return database.read(PeriodsSql.ALL, Tuple.tuple())
                .map(Periods::stored)
                .chain(stored -> database.read(PeriodsSql.BEGINNING, Tuple.tuple())
                        .map(rows -> {
                            Row row = rows.iterator().next();
                            return new Calendar(
                                    stored, time(row, 0), time(row, 1).orElseThrow(), prices.zone());
                        }));
    }

    /** @throws ProblemException when the books do not have that month */
    Uni<Period> of(YearMonth name) {
        return calendar().map(calendar -> calendar.of(name).orElseThrow(ProblemException::notFound));
    }

    private static SortedMap<YearMonth, Period> stored(RowSet<Row> rows) {
        SortedMap<YearMonth, Period> stored = new TreeMap<>();
        for (Row row : rows) {
            Period period = period(row);
            // One whose closing was begun and refused is open.
            stored.put(period.month().name(), period);
        }
        return stored;
    }

    private static Period period(Row row) {
        int at = 0;
        Month month = new Month(
                YearMonth.parse(row.getString(at++)),
                time(row, at++).orElseThrow(),
                time(row, at++).orElseThrow());
        Optional<Act> softClosed = act(row, at);
        at += 2;
        Optional<Act> closed = act(row, at);
        int rest = at + 2;
        return new Period(
                month,
                softClosed,
                closed.map(act -> new Closing(
                        act, row.getLong(rest), row.getString(rest + 1), StoredSums.read(row.getJsonArray(rest + 2)))));
    }

    private static Optional<Act> act(Row row, int at) {
        return time(row, at).map(when -> new Act(when, row.getString(at + 1)));
    }

    private static Optional<Instant> time(Row row, int at) {
        return Optional.ofNullable(row.getOffsetDateTime(at)).map(OffsetDateTime::toInstant);
    }
}
