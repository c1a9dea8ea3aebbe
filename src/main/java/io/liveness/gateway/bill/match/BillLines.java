package io.liveness.gateway.bill.match;

import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.platform.postgres.CopyRows;
import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.json.JsonArray;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Lines of a bill while it is matched: a temporary table of the import's transaction, which ends with it. */
public final class BillLines implements Consumer<Line> {

    private static final String COLUMNS = """
             (
                line    integer not null,
                task_no text,
                at      timestamptz,
                status  text,
                amount  bigint,
                problem jsonb,
                cells   jsonb
            ) on commit drop""";

    /** The lines are in the order of {@link String#compareTo}: task numbers are ASCII. */
    static final String BY_TASK_NO = """
            select line, task_no, at, status, amount, problem, cells from bill_line order by task_no collate "C" nulls last, line
            """;

    private static final String UNKNOWN = "unknown_line";

    static final String UNKNOWN_BY_TIME =
            "select line, task_no, at, status, amount, problem, cells from unknown_line order by at, line";

    private final Connection connection;
    private final String table;
    private final CopyRows rows;
    private final IntConsumer progress;
    private int stored;

    /** All lines. @param progress is told how many there are */
    public BillLines(Connection connection, IntConsumer progress) throws SQLException {
        this(connection, "bill_line", progress);
    }

    private BillLines(Connection connection, String table, IntConsumer progress) throws SQLException {
        Sql.execute(connection, "create temporary table " + table + COLUMNS);
        this.connection = connection;
        this.table = table;
        this.rows = new CopyRows(connection, "copy " + table + " from stdin");
        this.progress = progress;
    }

    /** The lines whose number no fee has. */
    static BillLines unknown(Connection connection) throws SQLException {
        return new BillLines(connection, UNKNOWN, count -> {});
    }

    @Override
    public void accept(Line line) {
        try {
            rows.add(
                    line.number(),
                    line.taskNo(),
                    line.at(),
                    line.status(),
                    line.amount(),
                    line.problem().map(BillDetail::stored),
                    storedCells(line));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        progress.accept(++stored);
    }

    /** The caller calls it after the last line. */
    public void complete() throws SQLException {
        rows.flush();
        Sql.execute(connection, "analyze " + table);
    }

    /** Reads a line from a row, of either table or of any query with these columns. */
    public static Line of(ResultSet row) throws SQLException {
        return new Line(
                row.getInt("line"),
                Optional.ofNullable(row.getString("task_no")),
                Optional.ofNullable(Sql.time(row, "at")),
                Optional.ofNullable(row.getString("status")).map(StatedStatus::valueOf),
                Optional.ofNullable(row.getObject("amount", Long.class)),
                Optional.ofNullable(row.getString("problem")).map(BillDetail::of),
                cells(row));
    }

    /** An array of JSON; empty without cells. */
    static Optional<String> storedCells(Line line) {
        return Optional.of(line.cells()).filter(cells -> !cells.isEmpty()).map(cells -> new JsonArray(cells).encode());
    }

    /** Reads what {@link #storedCells} has made, from the column {@code cells}. */
    public static List<String> cells(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("cells")).map(JsonArray::new).stream()
                .flatMap(JsonArray::stream)
                .map(String.class::cast)
                .toList();
    }
}
