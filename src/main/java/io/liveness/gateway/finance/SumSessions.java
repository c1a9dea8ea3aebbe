package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.AmountColumn;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.check.Sessions;
import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.Row;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Span;
import io.liveness.gateway.platform.query.Span.Unit;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Counts sessions by what became of them, all as of one moment. */
@Singleton
class SumSessions {

    /** What sessions are counted by. */
    enum Grouping {
        DAY("day", Unit.DAY),
        WEEK("week", Unit.WEEK),
        MONTH("month", Unit.MONTH),
        CALLER("caller", null),
        COST_CENTRE("costCentre", null),
        ACTION_STYLE("actionStyle", null);

        /** The value of {@code groupBy}. */
        final String label;

        private final Optional<Unit> unit;

        Grouping(String label, Unit unit) {
            this.label = label;
            this.unit = Optional.ofNullable(unit);
        }
    }

    /** Groups of an answer at most: there may be any number of cost centres. */
    static final int MOST_GROUPS = 10_000;

    /** PostgreSQL's code query_canceled (manual, appendix A): the statement has reached its limit of time. */
    private static final String CANCELLED = "57014";

    // A row is of one currency of a group.
    private static final int MOST_ROWS = 4 * MOST_GROUPS;

    /**
     * A session is of the time of its id. Sessions that end {@code alike}, after as many seconds, become one row: of these there are few, so
     * that the seconds of all need no sort. PostgreSQL expects few as well, so that each worker counts its part, because it does not look
     * into a query with a {@code with}: hence {@code apart}. A group is the {@code nth} of its time, or has a {@code name}, which is empty for
     * none; the total is the one before the first. The first columns are those of a file.
     */
    private static final String SUM = """
            with f as not materialized (
                select ?::text as grouped_by, ?::uuid[] as begins, ?::text[] as keys
            ), ended as not materialized (
                with apart as (select)
                select case when f.begins = '{}' then 0 else width_bucket(s.session_id, f.begins) end as nth,
                       coalesce(case f.grouped_by when 'caller' then s.caller when 'costCentre' then s.cost_centre
                                     when 'actionStyle' then s.action_style end, '') collate "C" as name,
                       case when s.status = 'OPENING' then 'PENDING'
                            when s.status = 'EXPIRED' and s.verdict_code is null then 'UNKNOWN' else s.status end as outcome,
                       case when s.status = 'REJECTED' then s.refusal_code end as code,
                       case when s.status in ('PASSED', 'NOT_PASSED')
                            then greatest(floor(date_part('epoch', s.verdict_at - s.init_at)), 0)::integer end as seconds,
                       s.fee_currency as currency, case when s.charge_status = 'CHARGED' then s.fee_amount end as charged
                from f cross join session_outcome s
                %s
            ), alike as (
                select nth, name, outcome, code, seconds, currency, count(*) as sessions, coalesce(sum(charged), 0) as charged
                from ended
                group by nth, name, outcome, code, seconds, currency
            ), grouped as (
                select * from alike
                union all
                select -1, '', outcome, code, seconds, currency, sum(sessions), sum(charged) from alike group by 3, 4, 5, 6
            ), figures as (
                select nth, name,
                       sum(case when outcome <> 'REJECTED' then sessions else 0 end) as opened,
                       sum(case outcome when 'REJECTED' then sessions else 0 end) as refused,
                       sum(case outcome when 'PASSED' then sessions else 0 end) as passed,
                       sum(case outcome when 'NOT_PASSED' then sessions else 0 end) as not_passed,
                       sum(case outcome when 'FAILED' then sessions else 0 end) as failed,
                       sum(case outcome when 'EXPIRED' then sessions else 0 end) as expired,
                       sum(case outcome when 'UNKNOWN' then sessions else 0 end) as lost_answers,
                       sum(case outcome when 'PENDING' then sessions else 0 end) as pending,
                       min(seconds) filter (where sooner >= 0.5 * timed) as p50,
                       min(seconds) filter (where sooner >= 0.9 * timed) as p90,
                       min(seconds) filter (where sooner >= 0.99 * timed) as p99
                from (select *, sum(sessions) filter (where seconds is not null) over (partition by nth, name order by seconds) as sooner,
                             sum(sessions) filter (where seconds is not null) over (partition by nth, name) as timed
                      from grouped) g
                group by nth, name
            ), refusals as (
                select nth, name, string_agg(coalesce(code::text, 'none') || '=' || sessions, ' ' order by sessions desc, code) as by_code
                from (select nth, name, code, sum(sessions) as sessions from grouped where outcome = 'REJECTED' group by nth, name, code) r
                group by nth, name
            ), costs as (
                select nth, name, currency, sum(charged)::bigint as charged,
                       round(sum(charged) / nullif(sum(case outcome when 'PASSED' then sessions else 0 end), 0))::bigint as of_passed
                from grouped where currency is not null
                group by nth, name, currency
            )
            select coalesce(f.keys[nth], nullif(name, '')) as key, opened, refused, by_code, passed, not_passed, failed, expired, lost_answers, pending,
                   round(passed / nullif(passed + not_passed, 0), 4) as pass_rate,
                   round((passed + not_passed) / nullif(opened, 0), 4) as completion,
                   p50, p90, p99, charged, of_passed, currency, row_number() over (partition by nth, name order by currency) as nth_currency,
                   nth < 0 as is_total
            from f cross join figures left join refusals using (nth, name) left join costs using (nth, name)
            order by nth < 0, nth, name = '', name, currency
            limit ?
            """;

    private final Batch batch;

    SumSessions(Batch batch) {
        this.batch = batch;
    }

    /**
     * What is counted.
     *
     * @param caller the owner; empty for all callers
     * @param span of the opening
     */
    record SessionFilter(Grouping grouping, Optional<String> caller, Optional<String> costCentre, Span span) {

        /** The parameters of the API that it holds, by their names. */
        Map<String, String> text() {
            return new PageOrFile.GivenFilters()
                    .with("groupBy", Optional.of(grouping.label))
                    .with("from", Optional.of(span.from()))
                    .with("to", Optional.of(span.to()))
                    .with("caller", caller)
                    .with("costCentre", costCentre)
                    .texts();
        }

        private Where sessions() {
            return new Where()
                    .and("s.session_id >= ?", Sessions.firstIdAt(span.from()))
                    .and("s.session_id < ?", Sessions.firstIdAt(span.to()))
                    .and("s.caller = ?", caller)
                    .and("s.cost_centre = ?", costCentre);
        }

        private Object[] parameters(Connection connection, Optional<Integer> limit) throws SQLException {
            SortedMap<Instant, String> begins = grouping.unit.map(span::begins).orElseGet(TreeMap::new);
            UUID[] ids = begins.keySet().stream().map(Sessions::firstIdAt).toArray(UUID[]::new);
            return new Object[] {
                grouping.label,
                connection.createArrayOf("uuid", ids),
                connection.createArrayOf("text", begins.values().toArray()),
                sessions(),
                limit
            };
        }
    }

    /**
     * Counts within the limit.
     *
     * @throws ProblemException when there are more than {@link #MOST_GROUPS}, or too many sessions for the limit
     */
    Insights sum(SessionFilter filter, Duration limit) {
        return batch.read(limit, connection -> {
            try {
                settings(connection);
                try (PreparedStatement sum = Sql.prepare(
                                connection,
                                SUM.formatted(filter.sessions()),
                                filter.parameters(connection, Optional.of(MOST_ROWS)));
                        ResultSet rows = sum.executeQuery()) {
                    return insights(rows, filter.span());
                }
            } catch (SQLException failure) {
                if (CANCELLED.equals(failure.getSQLState())) {
                    throw ProblemException.invalid(
                            "from",
                            "too-many-sessions",
                            "has too many sessions before to for an answer in time: narrow from and to, give a caller, or ask for a file");
                }
                throw failure;
            }
        });
    }

    private static void settings(Connection connection) throws SQLException {
        // PostgreSQL expects more that are not alike: it would sort 250,000 in 2.2 s, which are hashed in 0.7 s.
        Sql.execute(connection, "set local work_mem = '64MB'; set local enable_sort = off");
    }

    private static Insights insights(ResultSet rows, Span span) throws SQLException {
        List<Figures> items = new ArrayList<>();
        Figures total = Figures.NONE;
        int read = 0;
        while (rows.next()) {
            read++;
            if (rows.getInt("nth_currency") == 1) {
                total = Figures.of(rows);
                items.add(total);
            }
            if (rows.getString("currency") != null) {
                total.costs().add(Cost.of(rows));
            }
        }
        if (read == MOST_ROWS || items.size() > MOST_GROUPS + 1) {
            throw ProblemException.invalid(
                    "groupBy", "gives more than " + MOST_GROUPS + " groups: narrow them by caller, from and to");
        }
        // The total is the last one.
        List<Figures> groups = items.isEmpty() ? items : items.subList(0, items.size() - 1);
        return new Insights(span.zone().getId(), span.from(), span.to(), groups, total);
    }

    /** What became of sessions, as the API tells it. */
    @RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
    record Insights(String timeZone, Instant from, Instant to, List<Figures> items, Figures total) {}

    /** The figures of one group, or of all sessions. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Figures(
            String key,
            long opened,
            long refused,
            List<Refusals> refusals,
            long passed,
            long notPassed,
            long failed,
            long expired,
            long lostAnswers,
            long pending,
            BigDecimal passRate,
            BigDecimal completion,
            Seconds secondsToVerdict,
            List<Cost> costs) {

        private static final Figures NONE =
                new Figures(null, 0, 0, List.of(), 0, 0, 0, 0, 0, 0, null, null, null, List.of());

        private static Figures of(ResultSet row) throws SQLException {
            return new Figures(
                    row.getString("key"),
                    row.getLong("opened"),
                    row.getLong("refused"),
                    Refusals.of(row.getString("by_code")),
                    row.getLong("passed"),
                    row.getLong("not_passed"),
                    row.getLong("failed"),
                    row.getLong("expired"),
                    row.getLong("lost_answers"),
                    row.getLong("pending"),
                    row.getBigDecimal("pass_rate"),
                    row.getBigDecimal("completion"),
                    row.getObject("p50") == null
                            ? null
                            : new Seconds(row.getInt("p50"), row.getInt("p90"), row.getInt("p99")),
                    new ArrayList<>());
        }
    }

    /** @param code the vendor's; null when it was never reached */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Refusals(Integer code, long count) {

        /** @param byCode of the query: {@code 606=3 none=1}; null without refusals */
        private static List<Refusals> of(String byCode) {
            return byCode == null
                    ? List.of()
                    : Arrays.stream(byCode.split(" "))
                            .map(one -> one.split("="))
                            .map(one -> new Refusals(
                                    one[0].equals("none") ? null : Integer.valueOf(one[0]), Long.parseLong(one[1])))
                            .toList();
        }
    }

    /** The whole seconds within which half, 90 and 99 of a hundred verdicts came. */
    record Seconds(int p50, int p90, int p99) {}

    /** @param ofPassed null when none passed */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Cost(String currency, String charged, String ofPassed) {

        private static Cost of(ResultSet row) throws SQLException {
            String currency = row.getString("currency");
            Long ofPassed = row.getObject("of_passed", Long.class);
            return new Cost(
                    currency,
                    new Money(row.getLong("charged"), currency).decimal(),
                    ofPassed == null ? null : new Money(ofPassed, currency).decimal());
        }
    }

    /** The sums as a file: a line for each group, one more for each further currency of it, and at last the total. */
    static final class AsFile extends PageOrFile.Listing {

        private static final int CHARGED = 15;
        private static final int CURRENCY = 17;
        private static final int NTH = 18;
        private static final int IS_TOTAL = 19;
        private static final Form AMOUNT = new AmountColumn(CURRENCY);
        private static final Form NOTHING = (row, column, cells) -> cells.text(null);

        private final SessionFilter filter;

        AsFile(SessionFilter filter, PageOrFile.Order order) {
            super("insights", columns(filter.grouping()), order);
            this.filter = filter;
        }

        /** The columns are in the order of the query. */
        private static List<Column> columns(Grouping grouping) {
            return List.of(
                    new Column(grouping.label, 24),
                    new Column("opened", 10, NUMBER),
                    new Column("refused", 10, NUMBER),
                    new Column("refusals", 20),
                    new Column("passed", 10, NUMBER),
                    new Column("notPassed", 10, NUMBER),
                    new Column("failed", 10, NUMBER),
                    new Column("expired", 10, NUMBER),
                    new Column("lostAnswers", 12, NUMBER),
                    new Column("pending", 10, NUMBER),
                    new Column("passRate", 10, NUMBER),
                    new Column("completion", 12, NUMBER),
                    new Column("p50Seconds", 12, NUMBER),
                    new Column("p90Seconds", 12, NUMBER),
                    new Column("p99Seconds", 12, NUMBER),
                    new Column("charged", 14, AMOUNT),
                    new Column("costOfPassed", 14, AMOUNT),
                    new Column("currency", 10));
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            settings(connection);
            return Sql.withLiterals(
                    connection, SUM.formatted(filter.sessions()), filter.parameters(connection, Optional.empty()));
        }

        @Override
        public void write(Row row, Cells cells) {
            // A sum of a column counts each session once.
            boolean isFirst = row.number(NTH) == 1;
            cells.text(row.text(IS_TOTAL).equals("t") ? "total" : row.text(0));
            for (int at = 1; at < columns().size(); at++) {
                (isFirst || at >= CHARGED ? columns().get(at).form() : NOTHING).write(row, at, cells);
            }
            cells.endRow();
        }

        @Override
        public void summarize(Cells cells) {
            order.begin(cells, order.by().actor());
            cells.endRow();
            order.filter().forEach(cells::row);
        }
    }
}
