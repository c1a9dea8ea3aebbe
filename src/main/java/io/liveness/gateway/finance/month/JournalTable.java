package io.liveness.gateway.finance.month;

import io.liveness.gateway.finance.month.JournalText.Field;
import io.liveness.gateway.finance.month.Voucher.Booked;
import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.CsvForm;
import io.liveness.gateway.platform.file.Row;
import io.liveness.gateway.platform.postgres.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The vouchers of a month as a file. What it has of a closed month never changes. */
final class JournalTable extends MonthTable {

    /**
     * Fees belong to the month of their pre-deduction and corrections to the month that they count in, as in the proof. What is open is
     * nothing in a closed month.
     */
    private static final String SUMS = """
            with month as not materialized (
                select ?::timestamptz as from_at, ?::timestamptz as to_at
            )
            select 'FEES' as kind, e.currency, e.cost_centre, null as of_month, sum(e.amount)::bigint as amount
            from month join ledger e on e.kind = 'CHARGE' and e.caller = any (array(select callers()))
                and e.init_at >= month.from_at and e.init_at < month.to_at
            group by e.currency, e.cost_centre
            union all
            select case when e.of_month is null then 'FEES' else 'CORRECTIONS' end, e.currency, s.cost_centre, e.of_month, sum(e.amount)::bigint
            from month join ledger e on e.kind = 'ADJUSTMENT'
                and coalesce(e.counted_at, e.recorded_at) >= month.from_at and coalesce(e.counted_at, e.recorded_at) < month.to_at
            left join session_outcome s on s.session_id = e.session_id
            group by e.currency, s.cost_centre, e.of_month
            union all
            select 'ACCRUAL', e.currency, e.cost_centre, null, sum(e.amount)::bigint
            from month join open_fees() e on e.init_at >= month.from_at and e.init_at < month.to_at
            group by e.currency, e.cost_centre
            """;

    private static final int WIDTH = 18;

    private final Journal journal;
    private final Period period;
    private final String layoutName;
    private final JournalLayout layout;
    private final List<Map<Field, Object>> lines = new ArrayList<>();

    /** @param layout the name of one of the journal's */
    JournalTable(Journal journal, Period period, String layout) {
        super(
                "journal",
                period.month().name(),
                journal.layouts().get(layout).columns().stream()
                        .map(column -> new Column(column.header(), WIDTH))
                        .toList());
        this.journal = journal;
        this.period = period;
        this.layoutName = layout;
        this.layout = journal.layouts().get(layout);
    }

    private boolean isFinal() {
        return period.status() == Period.PeriodStatus.CLOSED;
    }

    @Override
    public String fileName(String madeAt) {
        return super.fileName(madeAt)
                + (layoutName.equals(JournalLayout.DEFAULT) ? "" : "-" + layoutName)
                + (isFinal() ? "" : "-provisional-" + madeAt);
    }

    @Override
    public CsvForm csv() {
        return layout.csv();
    }

    @Override
    public Optional<Instant> madeAt() {
        return Optional.ofNullable(period.closedAt());
    }

    @Override
    protected String guarded(String text) {
        return journal.guarded(layout, text);
    }

    /** Reads the sums, of which vouchers are made here. The rows of the query are the numbers of their lines. */
    @Override
    public String rows(Connection connection) throws SQLException {
        List<Booked> booked = Sql.list(
                connection,
                SUMS,
                row -> new Booked(
                        Voucher.Kind.valueOf(row.getString("kind")),
                        row.getString("currency"),
                        row.getString("cost_centre"),
                        row.getString("of_month"),
                        row.getLong("amount")),
                period.month().from(),
                period.month().to());
        lines.addAll(journal.lines(period, Voucher.of(booked)));
        return Sql.withLiterals(connection, "select n from generate_series(1, ?::int) n order by n", lines.size());
    }

    @Override
    public void write(Row row, Cells cells) {
        Map<Field, Object> line = lines.get((int) row.number(0) - 1);
        layout.columns().forEach(column -> write(column.cell(), line, cells));
        cells.endRow();
    }

    private static void write(JournalText cell, Map<Field, Object> line, Cells cells) {
        Optional<BigDecimal> number = cell.number(line);
        if (number.isPresent()) {
            cells.number(number.get());
        } else {
            String text = cell.of(line);
            cells.text(text.isEmpty() ? null : text);
        }
    }

    @Override
    public void summarize(Cells cells) {
        cells.row("month", period.month().name().toString());
        cells.row("status", isFinal() ? "FINAL" : "PROVISIONAL");
    }
}
