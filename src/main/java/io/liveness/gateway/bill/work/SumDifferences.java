package io.liveness.gateway.bill.work;

import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.work.ReadDifferences.Alike;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
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

    /** Sums results that are no differences, by kind and currency. */
    private static final String OTHERS = """
            select m.kind, t.currency, count(*) as number,
                   coalesce(sum(m.ours_amount) filter (where m.ours_status <> 'REFUNDED'), 0) as ours,
                   coalesce(sum(m.theirs_amount) filter (where m.theirs_status <> 'REFUNDED'), 0) as theirs,
                   0 as adjustment
            from statement_match m
            join statement t on t.id = m.statement_id
            left join difference_note n on n.difference_id = m.id
            %s
            group by m.kind, t.currency order by m.kind, t.currency
            """;

    /** Differences in memory at once: a bill may have a million. */
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

    /** The differences of a kind, as they are counted. A returned fee counts as 0, as it does when it is accepted. */
    private static final class Counted {

        private final MatchKind kind;
        private final String currency;
        private int count;
        private long ours;
        private long theirs;
        private long adjustment;

        Counted(Difference first) {
            this.kind = first.kind();
            this.currency = first.currency();
        }

        void add(Alike alike) {
            Difference each = alike.difference();
            count += alike.number();
            if (each.fee().filter(fee -> currency.equals(fee.currency())).isPresent()) {
                ours = plus(ours, alike.number(), each.ours());
            }
            // The total of a file is the sum of its lines once more.
            if (kind != MatchKind.CONTROL_TOTAL_DIFFERS) {
                theirs = plus(theirs, alike.number(), each.theirs());
            }
            // What is accepted or proposed counts with its amount.
            adjustment = plus(adjustment, alike.number(), each.accepted().orElseGet(each::adds));
        }

        private static long plus(long sum, int number, long amount) {
            return Math.addExact(sum, Math.multiplyExact(number, amount));
        }

        Sum sum() {
            return new Sum(kind, count, view(ours), view(theirs), view(adjustment));
        }

        private AmountView view(long units) {
            return AmountView.of(new Money(units, currency));
        }
    }

    /** @throws ProblemException when there is no such statement, or it is under way */
    View sums(UUID statement, DifferenceFilter filter) {
        differences.requireResults(statement);
        return View.of(batch.read(Batch.OF_A_REQUEST, connection -> of(connection, statement, filter)));
    }

    /** The sums by kind; a bill has one currency. */
    static List<Sum> of(Connection connection, UUID statement, DifferenceFilter filter) throws SQLException {
        if (filter.kind().filter(kind -> !kind.isDifference()).isPresent()) {
            Where where = ListDifferences.of(statement)
                    .and("m.kind = any (?)", connection.createArrayOf("text", filter.kinds()))
                    .and("n.assignee = ?", filter.assignee());
            return Sql.list(connection, OTHERS.formatted(where), Sum::of, where);
        }
        Map<String, Counted> counted = new TreeMap<>();
        Optional<UUID> after = Optional.empty();
        List<UUID> ids;
        do {
            ids = ListDifferences.ids(connection, statement, filter, after, AT_ONCE);
            for (Alike alike : ReadDifferences.alike(connection, statement, ids)) {
                counted.computeIfAbsent(alike.difference().kind().name(), first -> new Counted(alike.difference()))
                        .add(alike);
            }
            after = ids.isEmpty() ? after : Optional.of(ids.get(ids.size() - 1));
        } while (ids.size() == AT_ONCE);
        return counted.values().stream().map(Counted::sum).toList();
    }

    /** All kinds together, by currency. Each side alone has no such sum: a line whose amount and status differ has two results. */
    static Collection<Sum> totals(List<Sum> sums) {
        return sums.stream()
                .collect(Collectors.toMap(sum -> sum.adjustment().currency(), sum -> sum, Sum::plus, TreeMap::new))
                .values();
    }

    /** The sums as the API tells them. */
    record View(int count, List<AmountView> adjustments, List<Sum> items) {

        static View of(List<Sum> sums) {
            return new View(
                    sums.stream().mapToInt(Sum::count).sum(),
                    totals(sums).stream().map(Sum::adjustment).toList(),
                    sums);
        }
    }
}
