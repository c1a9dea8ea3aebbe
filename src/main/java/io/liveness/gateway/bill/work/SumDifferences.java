package io.liveness.gateway.bill.work;

import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.match.StoreResults.ResultIds;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Sums differences by kind and currency: what each side has of them, and what their acceptance adds to the ledger. */
@Singleton
class SumDifferences {

    /** A returned fee counts as 0, as it does when it is accepted. What was accepted or proposed counts with its amount. */
    private static final String SUMS = AcceptDifferences.JUDGED + """
            select j.kind, j.currency, count(*) as number,
                   coalesce(sum(j.ours) filter (where j.fee_currency = j.currency), 0) as ours,
                   coalesce(sum(j.theirs) filter (where j.kind <> 'CONTROL_TOTAL_DIFFERS'), 0) as theirs,
                   sum(coalesce(a.amount, j.amount)) as adjustment
            from judged j
            left join statement_acceptance a on a.difference_id = j.difference_id and a.state <> 'UNDONE'
            group by j.kind, j.currency
            """;

    /** Of results that are no differences. */
    private static final String OTHERS = """
            select m.kind, t.currency, count(*) as number,
                   coalesce(sum(m.ours_amount) filter (where m.ours_status <> 'REFUNDED'), 0) as ours,
                   coalesce(sum(m.theirs_amount) filter (where m.theirs_status <> 'REFUNDED'), 0) as theirs,
                   0 as adjustment
            from statement_match m join statement t on t.id = m.statement_id
            where m.statement_id = ? and m.id between ? and ? and m.kind = any (?)
            group by m.kind, t.currency order by m.kind, t.currency
            """;

    /** Of a bill with a million differences not all are in memory. */
    private static final int AT_ONCE = 50_000;

    private final Batch batch;
    private final ListDifferences differences;

    SumDifferences(Batch batch, ListDifferences differences) {
        this.batch = batch;
        this.differences = differences;
    }

    /** The differences of a kind, in one currency. */
    record Sum(MatchKind kind, int count, AmountView ours, AmountView theirs, AmountView adjustment) {

        static Sum of(ResultSet row) throws SQLException {
            String currency = row.getString("currency");
            return new Sum(
                    MatchKind.valueOf(row.getString("kind")),
                    row.getInt("number"),
                    AmountView.of(new Money(row.getLong("ours"), currency)),
                    AmountView.of(new Money(row.getLong("theirs"), currency)),
                    AmountView.of(new Money(row.getLong("adjustment"), currency)));
        }

        private Sum plus(Sum other) {
            return new Sum(
                    kind,
                    count + other.count,
                    plus(ours, other.ours),
                    plus(theirs, other.theirs),
                    plus(adjustment, other.adjustment));
        }

        private static AmountView plus(AmountView one, AmountView other) {
            return AmountView.of(
                    Money.parse(one.value(), one.currency()).plus(Money.parse(other.value(), other.currency())));
        }
    }

    /** @throws ProblemException when there is no such statement, or it is under way */
    View sums(UUID statement, DifferenceFilter filter) {
        differences.requireResults(statement);
        return View.of(batch.read(Batch.OF_A_REQUEST, connection -> of(connection, statement, filter)));
    }

    /** By kind and currency. */
    static List<Sum> of(Connection connection, UUID statement, DifferenceFilter filter) throws SQLException {
        if (filter.kind().filter(kind -> !kind.isDifference()).isPresent()) {
            ResultIds ids = new ResultIds(statement);
            return Sql.list(
                    connection,
                    OTHERS,
                    Sum::of,
                    statement,
                    ids.first(),
                    ids.last(),
                    connection.createArrayOf("text", filter.kinds()));
        }
        Map<String, Sum> sums = new TreeMap<>();
        Optional<UUID> after = Optional.empty();
        List<UUID> ids;
        do {
            ids = ListDifferences.ids(connection, statement, filter, after, AT_ONCE);
            Sql.list(connection, SUMS, Sum::of, statement, connection.createArrayOf("uuid", ids.toArray()))
                    .forEach(sum ->
                            sums.merge(sum.kind() + " " + sum.adjustment().currency(), sum, Sum::plus));
            after = ids.isEmpty() ? after : Optional.of(ids.get(ids.size() - 1));
        } while (ids.size() == AT_ONCE);
        return List.copyOf(sums.values());
    }

    /** All kinds together, by currency. Each side alone has no such sum: a line whose amount and status differ has two results. */
    static Collection<Sum> totals(List<Sum> sums) {
        return sums.stream()
                .collect(Collectors.toMap(sum -> sum.adjustment().currency(), sum -> sum, Sum::plus, TreeMap::new))
                .values();
    }

    /** As the API tells them. */
    record View(int count, List<AmountView> adjustments, List<Sum> items) {

        static View of(List<Sum> sums) {
            return new View(
                    sums.stream().mapToInt(Sum::count).sum(),
                    totals(sums).stream().map(Sum::adjustment).toList(),
                    sums);
        }
    }
}
