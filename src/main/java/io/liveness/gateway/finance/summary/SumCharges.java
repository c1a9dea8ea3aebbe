package io.liveness.gateway.finance.summary;

import io.liveness.gateway.finance.summary.Spans.Span;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Sums fees and their corrections, all as of one moment. */
@Singleton
public class SumCharges {

    /** Of cost centres there may be any number. */
    static final int MOST_GROUPS = 10_000;

    // A row is of one standing of a group.
    private static final int MOST_ROWS = MOST_GROUPS * Standing.values().length;

    /**
     * A fee is of the time of its pre-deduction, a correction of that of what it corrects, or of its recording where that is closed. {@code
     * begins} are where days or months begin: a key of these groupings is the number of one.
     */
    private static final String SUM = """
            with f as not materialized (
                select ?::text as grouped_by, ?::timestamptz[] as begins, ?::timestamptz as from_at, ?::timestamptz as to_at,
                       ?::text as caller
            )
            select case f.grouped_by when 'caller' then s.caller when 'costCentre' then s.cost_centre when 'status' then s.charge_status
                        else width_bucket(s.init_at, f.begins)::text end as key,
                   s.fee_currency as currency,
                   case when s.charge_status = 'REFUNDED' and s.verdict_code is null then 'PRESUMED' else s.charge_status end as standing,
                   count(*) as count, sum(s.fee_amount * 10000 + s.fee_fraction)::bigint as amount
            from f join liveness_session s on s.fee_amount is not null and s.init_at >= f.from_at and s.init_at < f.to_at
            where f.caller is null or s.caller = f.caller
            group by 1, 2, 3
            union all
            select case f.grouped_by when 'caller' then s.caller when 'costCentre' then s.cost_centre when 'status' then s.charge_status
                        else width_bucket(coalesce(e.counted_at, e.recorded_at), f.begins)::text end,
                   e.currency, 'ADJUSTMENT', count(*), sum(e.amount * 10000 + e.fraction)::bigint
            from f join ledger_entry e on e.kind = 'ADJUSTMENT'
                and coalesce(e.counted_at, e.recorded_at) >= f.from_at and coalesce(e.counted_at, e.recorded_at) < f.to_at
            left join liveness_session s on s.id = e.session_id
            where f.caller is null or s.caller = f.caller
            group by 1, 2
            limit ?
            """;

    private final Batch batch;

    SumCharges(Batch batch) {
        this.batch = batch;
    }

    /**
     * What is summed.
     *
     * @param caller the owner; empty for all callers
     * @param zone the time zone of days and months
     * @param from of the pre-deduction, inclusive
     * @param to exclusive
     */
    record Filter(Grouping grouping, Optional<String> caller, ZoneId zone, Instant from, Instant to) {}

    /** @throws ProblemException when there are more than {@link #MOST_GROUPS} */
    Summary sum(Filter filter) {
        return batch.read(Batch.OF_A_REQUEST, connection -> sum(connection, filter));
    }

    /**
     * The sums of all callers, by currency.
     *
     * @param from of the pre-deduction, and of the time at which an adjustment counts; inclusive
     * @param to exclusive
     */
    public static SortedMap<String, Sums> totals(Connection connection, Instant from, Instant to) throws SQLException {
        return sum(connection, new Filter(Grouping.STATUS, Optional.empty(), ZoneOffset.UTC, from, to))
                .totals();
    }

    private static Summary sum(Connection connection, Filter filter) throws SQLException {
        List<Span> spans = Spans.of(filter.grouping(), filter.zone(), filter.from(), filter.to());
        Summary summary = new Summary();
        try (PreparedStatement sum = Sql.prepare(
                        connection,
                        SUM,
                        filter.grouping().label(),
                        connection.createArrayOf(
                                "timestamptz", spans.stream().map(Span::from).toArray()),
                        filter.from(),
                        filter.to(),
                        filter.caller(),
                        MOST_ROWS + 1);
                ResultSet rows = sum.executeQuery()) {
            int read = 0;
            while (rows.next()) {
                Optional<String> key = Optional.ofNullable(rows.getString("key"))
                        .map(text -> filter.grouping().isOfTime()
                                ? spans.get(Integer.parseInt(text) - 1).key()
                                : text);
                summary.add(
                        new Summary.Group(key, rows.getString("currency")),
                        Standing.valueOf(rows.getString("standing")),
                        new Figure(rows.getLong("count"), rows.getLong("amount")));
                read++;
            }
            if (read > MOST_ROWS || summary.groups().size() > MOST_GROUPS) {
                throw ProblemException.invalid(
                        "groupBy", "gives more than " + MOST_GROUPS + " groups: narrow them by caller, from and to");
            }
        }
        return summary;
    }
}
