package io.liveness.gateway.finance.summary;

import io.liveness.gateway.finance.summary.Spans.Span;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** Sums fees. One statement reads one month, so that a long span takes many short statements. */
@Singleton
public class SumCharges {

    /** Of cost centres there may be any number. */
    static final int MOST_GROUPS = 10_000;

    // A row is of one standing of a group.
    private static final int MOST_ROWS = MOST_GROUPS * Standing.values().length;

    private final Database database;

    SumCharges(Database database) {
        this.database = database;
    }

    /** @throws ProblemException when there are more than {@link #MOST_GROUPS} */
    Uni<Summary> sum(SummaryFilter filter) {
        Summary summary = new Summary();
        return Multi.createFrom()
                .iterable(months(filter))
                .onItem()
                .transformToUniAndConcatenate(
                        spans -> read(filter, spans).invoke(rows -> add(rows, filter, spans, summary)))
                .collect()
                .last()
                .replaceWith(summary);
    }

    /**
     * The sums of all callers, by currency.
     *
     * @param from of the pre-deduction, and of an adjustment's recording; inclusive
     * @param to exclusive
     * @param zone where months begin, each of which is a statement
     */
    public Uni<SortedMap<String, Sums>> totals(Instant from, Instant to, ZoneId zone) {
        return sum(new SummaryFilter(Grouping.STATUS, Optional.empty(), zone, from, to))
                .map(Summary::totals);
    }

    private static List<List<Span>> months(SummaryFilter filter) {
        List<Span> spans = Spans.of(filter.grouping(), filter.zone(), filter.from(), filter.to());
        int length = filter.grouping().spansOfAMonth();
        List<List<Span>> months = new ArrayList<>();
        for (int at = 0; at < spans.size(); at += length) {
            months.add(spans.subList(at, Math.min(at + length, spans.size())));
        }
        return months;
    }

    private Uni<RowSet<Row>> read(SummaryFilter filter, List<Span> spans) {
        return database.read(
                filter.caller().isPresent() ? SummarySql.OF_ONE : SummarySql.OF_ALL,
                Tuple.of(
                        times(spans, Span::from),
                        times(spans, Span::to),
                        filter.grouping().label(),
                        filter.caller().orElse(null),
                        MOST_ROWS + 1));
    }

    private static OffsetDateTime[] times(List<Span> spans, Function<Span, Instant> time) {
        return spans.stream()
                .map(span -> time.apply(span).atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new);
    }

    private static void add(RowSet<Row> rows, SummaryFilter filter, List<Span> spans, Summary summary) {
        for (Row row : rows) {
            int at = 0;
            Optional<String> key = Optional.ofNullable(row.getString(at++))
                    .map(read -> filter.grouping().isOfTime()
                            ? spans.get(Integer.parseInt(read) - 1).key()
                            : read);
            Summary.Group group = new Summary.Group(key, row.getString(at++));
            Standing standing = Standing.valueOf(row.getString(at++));
            summary.add(group, standing, new Figure(row.getLong(at++), row.getLong(at)));
        }
        if (rows.size() > MOST_ROWS || summary.groups().size() > MOST_GROUPS) {
            throw ProblemException.invalid(
                    "groupBy", "gives more than " + MOST_GROUPS + " groups: narrow them by caller, from and to");
        }
    }
}
