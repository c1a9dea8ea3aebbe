package io.liveness.gateway.finance.period;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.Sums;
import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.platform.export.Cells;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The rows of the ledger behind a month, and their sums. Their form as text, see {@code docs/finance.md}, never changes: the hashes of
 * closed months are of it.
 */
final class ProofTable extends MonthTable<Object[]> {

    /** A fee has its pre-deduction and its end, in the month of the pre-deduction. An adjustment is in the month that it counts in. */
    private static final String ROWS = """
            with fee as not materialized (
                select init_at, id, caller, cost_centre from liveness_session
                where fee_amount is not null and init_at >= ? and init_at < ?
            )
            select id, kind, session_id, caller, cost_centre, task_no, basis, amount, currency, init_at, recorded_at, of_month
            from (
                select 1 as part, fee.init_at as at, fee.id as fee, fee.init_at, e.session_id, fee.caller, fee.cost_centre, e.id, e.kind,
                       e.task_no, e.basis, e.amount * 10000 + e.fraction as amount, e.currency, e.recorded_at, e.of_month
                from fee join ledger_entry e on e.session_id = fee.id and e.kind = 'PRE_DEDUCT'
                union all
                select 1, fee.init_at, fee.id, fee.init_at, e.session_id, fee.caller, fee.cost_centre, e.id, e.kind,
                       e.task_no, e.basis, e.amount * 10000 + e.fraction, e.currency, e.recorded_at, e.of_month
                from fee join ledger_entry e on e.session_id = fee.id and e.kind in ('CHARGE', 'REFUND')
                union all
                select 2, e.recorded_at, null, s.init_at, e.session_id, s.caller, s.cost_centre, e.id, e.kind,
                       e.task_no, e.basis, e.amount * 10000 + e.fraction, e.currency, e.recorded_at, e.of_month
                from ledger_entry e left join liveness_session s on s.id = e.session_id
                where e.kind = 'ADJUSTMENT' and coalesce(e.counted_at, e.recorded_at) >= ? and coalesce(e.counted_at, e.recorded_at) < ?
            ) entry
            order by part, at, fee, id
            """;

    /** The fields of a line, in the order of the query. */
    private static final List<Column> COLUMNS = Stream.of(
                    "entry",
                    "kind",
                    "sessionId",
                    "caller",
                    "costCentre",
                    "taskNo",
                    "basis",
                    "amount",
                    "currency",
                    "openedAt",
                    "recordedAt",
                    "ofMonth")
            .map(title -> new Column(title, 0))
            .toList();

    private static final int KIND = 1;
    private static final int AMOUNT = 7;

    private final Month month;
    private final Map<String, Map<Kind, Figure>> figures = new HashMap<>();
    private long rows;
    // Of all its rows, known with the first one.
    private Form[] forms;

    ProofTable(Month month) {
        super("proof", month.name(), COLUMNS);
        this.month = month;
    }

    /** The kinds of entries. */
    enum Kind {
        PRE_DEDUCT,
        CHARGE,
        REFUND,
        ADJUSTMENT
    }

    @Override
    public PreparedStatement rows(Connection connection) throws SQLException {
        return prepare(connection, ROWS, month.from(), month.to(), month.from(), month.to());
    }

    @Override
    public Object[] read(ResultSet row) throws SQLException {
        if (forms == null) {
            forms = Form.of(row.getMetaData());
        }
        return values(row, forms);
    }

    @Override
    public void write(Object[] values, Cells cells) {
        write(cells, values);
        Money amount = (Money) values[AMOUNT];
        figures.computeIfAbsent(amount.currency(), any -> new EnumMap<>(Kind.class))
                .merge(Kind.valueOf((String) values[KIND]), new Figure(1, amount.units()), Figure::plus);
        rows++;
    }

    /** How the values of a column are written. An amount in ten-thousandths is followed by its currency. */
    enum Form {
        TEXT,
        NUMBER,
        TIME,
        AMOUNT;

        static Form[] of(ResultSetMetaData columns) throws SQLException {
            Form[] forms = new Form[columns.getColumnCount()];
            for (int at = 0; at < forms.length; at++) {
                String name = columns.getColumnLabel(at + 1);
                forms[at] = switch (columns.getColumnType(at + 1)) {
                    case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> TIME;
                    case Types.INTEGER, Types.BIGINT ->
                        name.equals("amount") || name.endsWith("Amount") ? AMOUNT : NUMBER;
                    default -> TEXT;
                };
            }
            return forms;
        }

        private Object value(ResultSet row, int at) throws SQLException {
            if (this == TEXT) {
                return row.getString(at);
            }
            if (this == TIME) {
                OffsetDateTime time = row.getObject(at, OffsetDateTime.class);
                return time == null ? null : time.toInstant();
            }
            long number = row.getLong(at);
            if (row.wasNull()) {
                return null;
            }
            return this == NUMBER ? BigDecimal.valueOf(number) : new Money(number, row.getString(at + 1));
        }
    }

    /** What a row has, null where it has nothing. */
    static Object[] values(ResultSet row, Form[] forms) throws SQLException {
        Object[] values = new Object[forms.length];
        for (int at = 0; at < forms.length; at++) {
            values[at] = forms[at].value(row, at + 1);
        }
        return values;
    }

    /** Writes a row of an archived file. */
    static void write(Cells cells, Object[] values) {
        for (Object value : values) {
            if (value instanceof Instant time) {
                cells.time(time);
            } else if (value instanceof BigDecimal number) {
                cells.number(number, 0);
            } else if (value instanceof Money money) {
                cells.text(money.decimal());
            } else {
                cells.text((String) value);
            }
        }
        cells.endRow();
    }

    /** How many were written. */
    long rows() {
        return rows;
    }

    /**
     * Whether the sums of the rows that were written equal the summary of the sessions, and every fee has ended: pre-deductions = charges +
     * refunds.
     *
     * @param sums by currency
     */
    boolean agreesWith(SortedMap<String, Sums> sums) {
        return sums.keySet().equals(figures.keySet())
                && sums.entrySet().stream().allMatch(sum -> agrees(sum.getValue(), figures.get(sum.getKey())));
    }

    private static boolean agrees(Sums sums, Map<Kind, Figure> ledger) {
        return of(Kind.PRE_DEDUCT, ledger).equals(sums.preDeducted())
                && of(Kind.CHARGE, ledger).equals(sums.charged())
                && of(Kind.REFUND, ledger).equals(sums.refunded())
                && of(Kind.ADJUSTMENT, ledger).equals(sums.adjusted())
                && sums.charged().plus(sums.refunded()).equals(sums.preDeducted());
    }

    private static Figure of(Kind kind, Map<Kind, Figure> ledger) {
        return ledger.getOrDefault(kind, Figure.NONE);
    }
}
