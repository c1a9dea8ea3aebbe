package io.liveness.gateway.statement;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** A statement as it is stored, without its lines. */
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
        Optional<Integer> linesStated,
        Optional<Long> sumStated,
        JsonObject counts,
        JsonArray problem,
        Optional<UUID> supersedes,
        Optional<UUID> supersededBy,
        String importedBy,
        Instant importedAt,
        Optional<String> withdrawnBy,
        Optional<Instant> withdrawnAt,
        Optional<String> reason) {

    /** In the order in which {@link #of} reads them. An import without a sign of life has failed with its process. */
    static final String COLUMNS = """
            id, case when status in ('READING', 'MATCHING') and worked_at < liveness_now() - interval '2 minutes' then 'FAILED' else status end,
            dry_run, file_name, sha256, mapping, currency, period_from, period_to, invoice, charset, bytes, bytes_read, lines, lines_matched,
            first_at, last_at, sum_read, charged_read, lines_stated, sum_stated, counts, problem, supersedes, superseded_by, imported_by,
            imported_at, withdrawn_by, withdrawn_at, reason""";

    static StatementRow of(Row row) {
        int at = 0;
        return new StatementRow(
                row.getUUID(at++),
                StatementStatus.valueOf(row.getString(at++)),
                row.getBoolean(at++),
                Optional.ofNullable(row.getString(at++)),
                HexFormat.of().formatHex(row.getBuffer(at++).getBytes()),
                row.getString(at++),
                row.getString(at++),
                time(row, at++),
                time(row, at++),
                Optional.ofNullable(row.getLong(at++)),
                Optional.ofNullable(row.getString(at++)),
                row.getLong(at++),
                row.getLong(at++),
                row.getInteger(at++),
                row.getInteger(at++),
                time(row, at++),
                time(row, at++),
                Optional.ofNullable(row.getLong(at++)),
                Optional.ofNullable(row.getLong(at++)),
                Optional.ofNullable(row.getInteger(at++)),
                Optional.ofNullable(row.getLong(at++)),
                row.getJsonObject(at++),
                row.getJsonArray(at++),
                Optional.ofNullable(row.getUUID(at++)),
                Optional.ofNullable(row.getUUID(at++)),
                row.getString(at++),
                row.getOffsetDateTime(at++).toInstant(),
                Optional.ofNullable(row.getString(at++)),
                time(row, at++),
                Optional.ofNullable(row.getString(at)));
    }

    private static Optional<Instant> time(Row row, int at) {
        return Optional.ofNullable(row.getOffsetDateTime(at)).map(OffsetDateTime::toInstant);
    }
}
