package io.liveness.gateway.finance;

import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.finance.Sums.Standing;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Span;
import io.liveness.gateway.platform.query.Span.Unit;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Sums fees and their corrections, all as of one moment, and the fees that are open by their age. */
@Singleton
class SumCharges {

    /** What fees are summed by. */
    enum Grouping {
        DAY("day", Unit.DAY),
        MONTH("month", Unit.MONTH),
        CALLER("caller"),
        COST_CENTRE("costCentre"),
        STATUS("status");

        /** The value of {@code groupBy}. */
        final String label;

        private final Optional<Unit> unit;

        Grouping(String label) {
            this.label = label;
            this.unit = Optional.empty();
        }

        Grouping(String label, Unit unit) {
            this.label = label;
            this.unit = Optional.of(unit);
        }
    }

    /**
     * How long ago a fee was pre-deducted, as the API has it; {@code OPEN} has their limits. Longer than a token's life and the grace after
     * it only after an outage.
     */
    static final List<String> AGES = List.of("0-10m", "10-60m", "1-2h", "2-4h", "4h-");

    /** Groups of an answer at most: there may be any number of cost centres. */
    static final int MOST_GROUPS = 10_000;

    // A row is of one standing of a group.
    private static final int MOST_ROWS = MOST_GROUPS * Standing.values().length;

    /**
     * A fee is of the time of its pre-deduction, a correction of that of what it corrects, or of its recording where that is closed. {@code
     * begins} are where days or months begin: a key of these groupings is the number of one. Ends are read from one index, by caller; what is
     * open is few.
     */
    private static final String SUM = """
            with f as not materialized (
                select ?::text as grouped_by, ?::timestamptz[] as begins
            )
            select case f.grouped_by when 'caller' then e.caller when 'costCentre' then e.cost_centre
                        when 'status' then fee_status(e.kind, null) else width_bucket(e.init_at, f.begins)::text end as key,
                   e.currency,
                   case when e.kind = 'REFUND' and e.basis = 'PRESUMED' then 'PRESUMED' else fee_status(e.kind, null) end as standing,
                   count(*) as count, sum(e.amount)::bigint as amount
            from f cross join ledger e
            %s
            group by 1, 2, 3
            union all
            select case f.grouped_by when 'caller' then e.caller when 'costCentre' then e.cost_centre
                        when 'status' then fee_status(null, e.basis) else width_bucket(e.init_at, f.begins)::text end,
                   e.currency, fee_status(null, e.basis), count(*), sum(e.amount)::bigint
            from f cross join open_fees() e
            %s
            group by 1, 2, 3
            union all
            select case f.grouped_by when 'caller' then s.caller when 'costCentre' then s.cost_centre when 'status' then s.charge_status
                        else width_bucket(coalesce(e.counted_at, e.recorded_at), f.begins)::text end,
                   e.currency, 'ADJUSTMENT', count(*), sum(e.amount)::bigint
            from f cross join ledger e left join session_outcome s on s.session_id = e.session_id
            %s
            group by 1, 2
            limit ?
            """;

    /** The key is the number of one of the {@link #AGES}. */
    private static final String OPEN = """
            select width_bucket(extract(epoch from liveness_now() - s.init_at)::float8, array[600, 3600, 7200, 14400]::float8[])::text as key,
                   s.currency, s.charge_status as standing, count(*) as count, sum(s.amount)::bigint as amount
            from fee s
            %s
            group by 1, 2, 3
            """;

    private final Batch batch;

    SumCharges(Batch batch) {
        this.batch = batch;
    }

    /**
     * What is summed.
     *
     * @param caller the owner; empty for all callers
     * @param span of the pre-deduction
     */
    record ChargeFilter(Grouping grouping, Optional<String> caller, Span span) {

        private Where ends() {
            Where ends =
                    within("e.init_at").and("e.kind in ('CHARGE', 'REFUND')").and("e.caller = ?", caller);
            return caller.isPresent() ? ends : ends.and("e.caller = any (array(select callers()))");
        }

        private Where open() {
            return within("e.init_at").and("e.caller = ?", caller);
        }

        private Where corrections() {
            return within("coalesce(e.counted_at, e.recorded_at)")
                    .and("e.kind = 'ADJUSTMENT'")
                    .and("s.caller = ?", caller);
        }

        private Where within(String time) {
            return new Where().and(time + " >= ?", span.from()).and(time + " < ?", span.to());
        }
    }

    /** @param key null for fees without a cost centre, and for adjustments that are of no session */
    record Group(String key, String currency) {}

    /**
     * Sums by group, and the totals, which are the sums of the groups.
     *
     * @param groups by key and currency; those without a key are the last ones
     * @param totals by currency
     */
    record Summary(SortedMap<Group, Sums> groups, SortedMap<String, Sums> totals) {

        private static final Comparator<Group> ORDER = Comparator.comparing(
                        Group::key, Comparator.nullsLast(Comparator.<String>naturalOrder()))
                .thenComparing(Group::currency);

        private Summary() {
            this(new TreeMap<>(ORDER), new TreeMap<>());
        }

        /**
         * Adds a row, which has one standing of a group.
         *
         * @return the group
         */
        private Group add(ResultSet row, UnaryOperator<String> key) throws SQLException {
            String text = row.getString("key");
            String currency = row.getString("currency");
            Standing standing = Standing.valueOf(row.getString("standing"));
            Figure figure = new Figure(row.getLong("count"), row.getLong("amount"));
            Group group = new Group(text == null ? null : key.apply(text), currency);
            groups.computeIfAbsent(group, any -> new Sums()).add(standing, figure);
            totals.computeIfAbsent(currency, any -> new Sums()).add(standing, figure);
            return group;
        }
    }

    /** @throws ProblemException when there are more than {@link #MOST_GROUPS} */
    Summary sum(ChargeFilter filter) {
        return batch.read(Batch.OF_A_REQUEST, connection -> sum(connection, filter));
    }

    private static Summary sum(Connection connection, ChargeFilter filter) throws SQLException {
        SortedMap<Instant, String> begins =
                filter.grouping().unit.map(filter.span()::begins).orElseGet(TreeMap::new);
        List<String> keys = List.copyOf(begins.values());
        UnaryOperator<String> key =
                keys.isEmpty() ? UnaryOperator.identity() : nth -> keys.get(Integer.parseInt(nth) - 1);
        Where ends = filter.ends();
        Where open = filter.open();
        Where corrections = filter.corrections();
        Summary summary = new Summary();
        // Groups of a million fees, whose number PostgreSQL cannot know, are made without a sort.
        Sql.execute(connection, "set local work_mem = '64MB'");
        List<Group> read = Sql.list(
                connection,
                SUM.formatted(ends, open, corrections),
                row -> summary.add(row, key),
                filter.grouping().label,
                connection.createArrayOf("timestamptz", begins.keySet().toArray()),
                ends,
                open,
                corrections,
                MOST_ROWS + 1);
        if (read.size() > MOST_ROWS || summary.groups().size() > MOST_GROUPS) {
            throw ProblemException.invalid(
                    "groupBy", "gives more than " + MOST_GROUPS + " groups: narrow them by caller, from and to");
        }
        return summary;
    }

    /**
     * The fees that are open, by the position of their age in {@link #AGES}.
     *
     * @param caller whose; all callers' when empty
     */
    Summary openByAge(Optional<String> caller) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Summary summary = new Summary();
            Where open = new Where()
                    .and("s.session_id = any (array(select session_id from unsettled))")
                    .and("s.charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED')")
                    .and("s.caller = ?", caller);
            Sql.list(connection, OPEN.formatted(open), row -> summary.add(row, UnaryOperator.identity()), open);
            return summary;
        });
    }
}
