package io.liveness.gateway.bill;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.read.BillWorkbook.BillSheet;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A statement without its results, as it is stored and as the API tells it.
 *
 * @param from the begin of its period: as the import states it, or else its first line
 * @param to the end of its period, or else its last line
 * @param statedFrom the begin of its period, as the import states it
 * @param statedTo the end of its period, as the import states it
 * @param proposed differences that await a second person
 * @param revocationsProposed accepted ones, whose revocation awaits a second person
 * @param statedTotal of the invoice, as the import states it, in the units of {@link io.liveness.gateway.books.Money}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementView(
        UUID id,
        ImportStatus status,
        boolean dryRun,
        String fileName,
        String sha256,
        String mapping,
        String charset,
        List<BillSheet> sheets,
        Progress progress,
        Instant from,
        Instant to,
        int lines,
        int matched,
        Map<MatchKind, Integer> differences,
        Map<MatchKind, Integer> explained,
        int linesOutside,
        int proposed,
        int revocationsProposed,
        AmountView sum,
        AmountView charged,
        Invoice invoice,
        List<FieldError> problem,
        UUID supersedes,
        UUID supersededBy,
        String importedBy,
        Instant importedAt,
        String withdrawnBy,
        Instant withdrawnAt,
        String reason,
        String withdrawalProposedBy,

        @JsonIgnore Optional<Instant> statedFrom,
        @JsonIgnore Optional<Instant> statedTo,
        @JsonIgnore Optional<Long> statedTotal) {

    /** An import without a sign of life has failed. */
    static final String COLUMNS = """
            id, case when status in ('READING', 'MATCHING') and not is_worked_on(id, worked_at) then 'FAILED' else status end as status,
            dry_run, file_name, sha256, mapping, currency, period_from, period_to, invoice, charset, sheets, bytes, bytes_read, lines, lines_matched,
            first_at, last_at, sum_read, charged_read, counts, problem, supersedes, superseded_by, imported_by, imported_at, withdrawn_by,
            withdrawn_at, reason, lines_outside, withdrawing_by,
            (select to_jsonb(i) from statement_invoice i where i.statement_id = statement.id) as invoice_set,
            (select count(*) from statement_acceptance a where a.statement_id = statement.id and a.state = 'PROPOSED') as proposed,
            (select count(*) from statement_acceptance a
             where a.statement_id = statement.id and a.state = 'ACCEPTED' and a.undoing_by is not null) as revocations_proposed""";

    /** The problem of an import that ended with its process. */
    public static final List<FieldError> BROKEN_OFF = List.of(new FieldError(
            "body",
            "was not read completely, because the import was interrupted; import the file again",
            "import-interrupted",
            Map.of()));

    /** The problem of an import that never came to be read. */
    public static final List<FieldError> WAITED_TOO_LONG = List.of(new FieldError(
            "body",
            "was not read, because other files were read for too long; import the file again",
            "import-busy",
            Map.of()));

    /** Where a statement stands. */
    public enum ImportStatus {
        READING,
        MATCHING,
        DONE,
        FAILED,
        WITHDRAWN,
        SUPERSEDED
    }

    /** How far an import is. */
    record Progress(long bytes, long bytesRead, int linesRead, int linesMatched) {}

    /** Reads a row with {@link #COLUMNS}. */
    static StatementView of(ResultSet row) throws SQLException {
        ImportStatus status = ImportStatus.valueOf(row.getString("status"));
        Instant from = Sql.time(row, "period_from");
        Instant to = Sql.time(row, "period_to");
        Optional<Long> total = Optional.ofNullable(row.getObject("invoice", Long.class));
        JsonObject counts = new JsonObject(row.getString("counts"));
        return new StatementView(
                row.getObject("id", UUID.class),
                status,
                row.getBoolean("dry_run"),
                row.getString("file_name"),
                HexFormat.of().formatHex(row.getBytes("sha256")),
                row.getString("mapping"),
                row.getString("charset"),
                sheets(row.getString("sheets")),
                new Progress(
                        row.getLong("bytes"),
                        row.getLong("bytes_read"),
                        row.getInt("lines"),
                        row.getInt("lines_matched")),
                from == null ? Sql.time(row, "first_at") : from,
                to == null ? Sql.time(row, "last_at") : to,
                row.getInt("lines"),
                counts.getInteger(MatchKind.MATCHED.name(), 0),
                counts(counts, true),
                counts(counts, false),
                row.getInt("lines_outside"),
                row.getInt("proposed"),
                row.getInt("revocations_proposed"),
                AmountView.of(row, "sum_read", "currency"),
                AmountView.of(row, "charged_read", "currency"),
                Invoice.of(total, row.getString("currency"), row.getString("invoice_set"))
                        .orElse(null),
                status == ImportStatus.FAILED ? problem(row.getString("problem")) : null,
                row.getObject("supersedes", UUID.class),
                row.getObject("superseded_by", UUID.class),
                row.getString("imported_by"),
                Sql.time(row, "imported_at"),
                row.getString("withdrawn_by"),
                Sql.time(row, "withdrawn_at"),
                row.getString("reason"),
                row.getString("withdrawing_by"),
                Optional.ofNullable(from),
                Optional.ofNullable(to),
                total);
    }

    private static Map<MatchKind, Integer> counts(JsonObject counts, boolean differences) {
        Map<MatchKind, Integer> byKind = new TreeMap<>();
        Arrays.stream(MatchKind.values())
                .filter(kind -> kind.isDifference() == differences && kind != MatchKind.MATCHED)
                .forEach(kind -> byKind.put(kind, counts.getInteger(kind.name(), 0)));
        return byKind;
    }

    /** The sheets that were read, in their order; none of a file that is no workbook. */
    public Stream<BillSheet> sheetsWithLines() {
        return Stream.ofNullable(sheets).flatMap(List::stream).filter(sheet -> sheet.firstLine() != null);
    }

    private static List<BillSheet> sheets(String stored) {
        return stored == null
                ? null
                : new JsonArray(stored)
                        .stream()
                                .map(JsonObject.class::cast)
                                .map(sheet -> new BillSheet(sheet.getString("name"), sheet.getInteger("firstLine")))
                                .toList();
    }

    private static List<FieldError> problem(String stored) {
        return stored == null
                ? BROKEN_OFF
                : new JsonArray(stored)
                        .stream()
                                .map(JsonObject.class::cast)
                                .map(error -> error.mapTo(FieldError.class))
                                .toList();
    }
}
