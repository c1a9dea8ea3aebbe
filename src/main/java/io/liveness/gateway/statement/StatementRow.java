package io.liveness.gateway.statement;

import io.liveness.gateway.platform.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A statement as it is stored, without its results.
 *
 * @param from the begin of its period, as the import states it
 * @param to the end of its period, as the import states it
 * @param undoneByTwo whether two people have confirmed adjustments of it
 */
public record StatementRow(
        StatementView view, Optional<Instant> from, Optional<Instant> to, Optional<Long> invoice, boolean undoneByTwo) {

    /** An import without a sign of life has failed. */
    static final String COLUMNS = """
            id, case when status in ('READING', 'MATCHING') and not is_worked_on(worked_at) then 'FAILED' else status end as status,
            dry_run, file_name, sha256, mapping, currency, period_from, period_to, invoice, charset, bytes, bytes_read, lines, lines_matched,
            first_at, last_at, sum_read, charged_read, counts, problem, supersedes, superseded_by, imported_by, imported_at, withdrawn_by,
            withdrawn_at, reason, lines_outside, withdrawing_by, undone_by_two(id) as undone_by_two""";

    static StatementRow of(ResultSet row) throws SQLException {
        return new StatementRow(
                StatementView.of(row),
                Optional.ofNullable(Sql.time(row, "period_from")),
                Optional.ofNullable(Sql.time(row, "period_to")),
                Optional.ofNullable(row.getObject("invoice", Long.class)),
                row.getBoolean("undone_by_two"));
    }
}
