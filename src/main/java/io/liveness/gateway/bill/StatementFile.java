package io.liveness.gateway.bill;

import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.file.Table;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The file of a statement, sent as it came: its rows are the pieces of the file. */
final class StatementFile extends Table {

    private final StatementView statement;

    StatementFile(StatementView statement) {
        super("statement-file", "statement=" + statement.id(), List.of(new Column("content", 0)));
        this.statement = statement;
    }

    @Override
    public String rows(Connection connection) throws SQLException {
        return Sql.withLiterals(
                connection,
                "select content from statement_file where sha256 = decode(?, 'hex') order by nth",
                statement.sha256());
    }

    @Override
    protected String fileName(String madeAt, FileType type) {
        String given = statement.fileName();
        return given != null ? given : "statement-" + statement.id() + (isWorkbook() ? ".xlsx" : ".csv");
    }

    @Override
    protected String mediaType(FileType type) {
        return isWorkbook() ? FileType.SPREADSHEET : FileType.TEXT_CSV + ";charset=" + statement.charset();
    }

    private boolean isWorkbook() {
        return statement.charset() == null;
    }
}
