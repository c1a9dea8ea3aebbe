package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;

/** An {@link Archive} as it is stored: its rows are its pieces. */
record ArchiveTable(YearMonth month) implements Table<byte[]> {

    @Override
    public String name() {
        return "archive";
    }

    @Override
    public String fileName(String madeAt) {
        return "archive-" + month;
    }

    @Override
    public String description() {
        return "month=" + month;
    }

    @Override
    public List<Column> columns() {
        return List.of();
    }

    @Override
    public int portion() {
        return 8;
    }

    @Override
    public PreparedStatement rows(Connection connection) throws SQLException {
        return Sql.prepare(
                connection, "select content from period_archive where month = ? order by nth", month.toString());
    }

    @Override
    public byte[] read(ResultSet row) throws SQLException {
        return row.getBytes("content");
    }

    @Override
    public void write(byte[] piece, Cells cells) {
        cells.bytes(piece);
    }

    @Override
    public void summarize(Cells cells) {
        // It is a file already.
    }
}
