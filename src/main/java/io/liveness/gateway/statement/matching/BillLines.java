package io.liveness.gateway.statement.matching;

import io.liveness.gateway.platform.postgres.CopyRows;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.mapping.StatedStatus;
import io.liveness.gateway.statement.reading.Line;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The lines of a bill while it is matched: a temporary table of the import's transaction, which ends with it. */
public final class BillLines implements Consumer<Line> {

    private static final String TABLE = """
            create temporary table bill_line (
                line    integer not null,
                task_no text,
                at      timestamptz,
                status  text,
                amount  bigint,
                problem text
            ) on commit drop""";

    /** In the order of {@link String#compareTo}: task numbers are ASCII. */
    static final String BY_TASK_NO = """
            select line, task_no, at, status, amount, problem from bill_line order by task_no collate "C" nulls last, line
            """;

    private final Connection connection;
    private final CopyRows rows;
    private final IntConsumer progress;
    private int stored;

    /** @param progress is told how many lines there are */
    public BillLines(Connection connection, IntConsumer progress) throws SQLException {
        Sql.execute(connection, TABLE);
        this.connection = connection;
        this.rows = new CopyRows(connection, "copy bill_line from stdin");
        this.progress = progress;
    }

    @Override
    public void accept(Line line) {
        try {
            rows.add(line.number(), line.taskNo(), line.at(), line.status(), line.amount(), line.problem());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        progress.accept(++stored);
    }

    /** To be called after the last line. */
    public void complete() throws SQLException {
        rows.flush();
        Sql.execute(connection, "analyze bill_line");
    }

    /** Of a row with the columns of {@link #BY_TASK_NO}. */
    public static Line of(ResultSet row) throws SQLException {
        return new Line(
                row.getInt("line"),
                Optional.ofNullable(row.getString("task_no")),
                Optional.ofNullable(Sql.time(row, "at")),
                Optional.ofNullable(row.getString("status")).map(StatedStatus::valueOf),
                Optional.ofNullable(row.getObject("amount", Long.class)),
                Optional.ofNullable(row.getString("problem")));
    }
}
