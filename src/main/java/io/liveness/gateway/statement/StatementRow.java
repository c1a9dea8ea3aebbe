package io.liveness.gateway.statement;

import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * A statement as it is stored, without its results.
 *
 * @param undoneByTwo whether two people have confirmed adjustments of it
 */
public record StatementRow(
        UUID id,
        StatementStatus status,
        boolean dryRun,
        Optional<String> fileName,
        String sha256,
        String mapping,
        String currency,
        Optional<Instant> periodFrom,
        Optional<Instant> periodTo,
        Optional<Long> invoice,
        Optional<String> charset,
        long bytes,
        long bytesRead,
        int lines,
        int linesMatched,
        Optional<Instant> first,
        Optional<Instant> last,
        Optional<Long> sum,
        Optional<Long> charged,
        JsonObject counts,
        int linesOutside,
        JsonArray problem,
        Optional<UUID> supersedes,
        Optional<UUID> supersededBy,
        String importedBy,
        Instant importedAt,
        Optional<String> withdrawnBy,
        Optional<Instant> withdrawnAt,
        Optional<String> reason,
        Optional<String> withdrawingBy,
        boolean undoneByTwo) {

    /** Of a row with the columns that {@link StoreStatements} reads. */
    static StatementRow of(ResultSet row) throws SQLException {
        String problem = row.getString("problem");
        return new StatementRow(
                row.getObject("id", UUID.class),
                StatementStatus.valueOf(row.getString("status")),
                row.getBoolean("dry_run"),
                Optional.ofNullable(row.getString("file_name")),
                HexFormat.of().formatHex(row.getBytes("sha256")),
                row.getString("mapping"),
                row.getString("currency"),
                time(row, "period_from"),
                time(row, "period_to"),
                number(row, "invoice"),
                Optional.ofNullable(row.getString("charset")),
                row.getLong("bytes"),
                row.getLong("bytes_read"),
                row.getInt("lines"),
                row.getInt("lines_matched"),
                time(row, "first_at"),
                time(row, "last_at"),
                number(row, "sum_read"),
                number(row, "charged_read"),
                new JsonObject(row.getString("counts")),
                row.getInt("lines_outside"),
                problem == null ? null : new JsonArray(problem),
                Optional.ofNullable(row.getObject("supersedes", UUID.class)),
                Optional.ofNullable(row.getObject("superseded_by", UUID.class)),
                row.getString("imported_by"),
                Sql.time(row, "imported_at"),
                Optional.ofNullable(row.getString("withdrawn_by")),
                time(row, "withdrawn_at"),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getString("withdrawing_by")),
                row.getBoolean("undone_by_two"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(Sql.time(row, column));
    }

    private static Optional<Long> number(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Long.class));
    }
}
