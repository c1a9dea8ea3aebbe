package io.liveness.gateway.finance.month;

import io.liveness.gateway.platform.file.Table;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;

/** A file of a month, whose rows are all that it has. */
abstract class MonthTable extends Table {

    // The setting is for sorts of a million rows. Compiling a query takes longer than it saves.
    private static final String SETTINGS = "set local work_mem = '64MB'";

    private final YearMonth month;

    MonthTable(String name, YearMonth month, List<Column> columns) {
        super(name, "month=" + month, columns);
        this.month = month;
    }

    /** A query that sorts many rows. */
    static String query(Connection connection, String sql, Object... parameters) throws SQLException {
        Sql.execute(connection, SETTINGS);
        return Sql.withLiterals(connection, sql, parameters);
    }

    @Override
    public String fileName(String madeAt) {
        return name() + "-" + month;
    }
}
