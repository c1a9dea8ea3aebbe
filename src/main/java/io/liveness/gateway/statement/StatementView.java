package io.liveness.gateway.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.statement.matching.MatchKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A statement as the API tells it. */
@Schema(name = "Statement", description = "A bill of the vendor and the result of its matching.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementView(
        @Schema(required = true, description = "Its id.") UUID id,

        @Schema(required = true) StatementStatus status,

        @Schema(required = true, description = "Whether it is a dry run, which never counts.")
        boolean dryRun,

        @Schema(description = "The name of the file.") String fileName,

        @Schema(required = true, description = "SHA-256 of the file.", pattern = "^[0-9a-f]{64}$")
        String sha256,

        @Schema(
                required = true,
                description = "The name of the mapping that the file was read with, as the mapping was then.")
        String mapping,

        @Schema(
                description = "The character set it was read in: UTF-8, GB18030 or UTF-16; absent for XLSX.",
                enumeration = {"UTF-8", "GB18030", "UTF-16"})
        String charset,

        @Schema(required = true) Progress progress,

        @Schema(description = "When its period begins, inclusive; absent while it is unknown.")
        Instant from,

        @Schema(description = "When its period ends, exclusive; or the time of the last line.")
        Instant to,

        @Schema(required = true, description = "Lines with a fee, including unreadable ones.")
        int lines,

        @Schema(required = true, description = "Lines that are MATCHED.")
        int matched,

        @Schema(
                required = true,
                description = "The number of differences of each kind; 0 while the import is under way.")
        Map<MatchKind, Integer> differences,

        @Schema(
                required = true,
                description = "The number of results without a line that are not differences, of each kind.")
        Map<MatchKind, Integer> explained,

        @Schema(
                required = true,
                description = "Lines outside of the period that the import states. They are matched like the others.")
        int linesOutside,

        @Schema(description = "The sum of the readable lines; absent while they are being read.")
        AmountView sum,

        @Schema(description = "The part of `sum` that is charged.")
        AmountView charged,

        @Schema(description = "FAILED: the errors of the file, by line.")
        List<FieldError> problem,

        @Schema(description = "The statement that it corrects.")
        UUID supersedes,

        @Schema(description = "SUPERSEDED: the statement that counts instead.")
        UUID supersededBy,

        @Schema(required = true, description = "The caller that imported it.")
        String importedBy,

        @Schema(required = true, description = "When.") Instant importedAt,

        @Schema(description = "WITHDRAWN: the caller that withdrew it.")
        String withdrawnBy,

        @Schema(description = "WITHDRAWN: when.") Instant withdrawnAt,

        @Schema(description = "WITHDRAWN: why.") String reason,

        @Schema(description = "The caller that proposed to withdraw it; another person withdraws it.")
        String withdrawalProposedBy) {

    /** Of an import that ended with its process. */
    public static final List<FieldError> BROKEN_OFF = List.of(new FieldError(
            "body", "was not read completely, because the import was interrupted; import the file again"));

    /** How far an import is. */
    @Schema(name = "StatementProgress", description = "The progress of the import.")
    record Progress(
            @Schema(required = true, description = "Bytes of the file.")
            long bytes,

            @Schema(required = true, description = "Bytes that were read.")
            long bytesRead,

            @Schema(required = true, description = "Lines that were read.")
            int linesRead,

            @Schema(required = true, description = "Lines that were compared with the ledger.")
            int linesMatched) {}

    /** A page of statements. */
    @Schema(name = "StatementPage", description = "A page of statements, newest first.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(
            @Schema(required = true, description = "The statements of this page.")
            List<StatementView> items,

            @Schema(description = "Token of the next page; absent on the last page.")
            String nextPageToken) {}

    /** Of a row with the columns of {@link StatementRow}. */
    static StatementView of(ResultSet row) throws SQLException {
        StatementStatus status = StatementStatus.valueOf(row.getString("status"));
        Instant from = Sql.time(row, "period_from");
        Instant to = Sql.time(row, "period_to");
        JsonObject counts = new JsonObject(row.getString("counts"));
        return new StatementView(
                row.getObject("id", UUID.class),
                status,
                row.getBoolean("dry_run"),
                row.getString("file_name"),
                HexFormat.of().formatHex(row.getBytes("sha256")),
                row.getString("mapping"),
                row.getString("charset"),
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
                money(row, "sum_read"),
                money(row, "charged_read"),
                status == StatementStatus.FAILED ? problem(row.getString("problem")) : null,
                row.getObject("supersedes", UUID.class),
                row.getObject("superseded_by", UUID.class),
                row.getString("imported_by"),
                Sql.time(row, "imported_at"),
                row.getString("withdrawn_by"),
                Sql.time(row, "withdrawn_at"),
                row.getString("reason"),
                row.getString("withdrawing_by"));
    }

    private static Map<MatchKind, Integer> counts(JsonObject counts, boolean differences) {
        Map<MatchKind, Integer> byKind = new TreeMap<>();
        Arrays.stream(MatchKind.values())
                .filter(kind -> kind.isDifference() == differences && kind != MatchKind.MATCHED)
                .forEach(kind -> byKind.put(kind, counts.getInteger(kind.name(), 0)));
        return byKind;
    }

    private static AmountView money(ResultSet row, String column) throws SQLException {
        Long units = row.getObject(column, Long.class);
        return units == null ? null : AmountView.of(new Money(units, row.getString("currency")));
    }

    private static List<FieldError> problem(String stored) {
        return stored == null
                ? BROKEN_OFF
                : new JsonArray(stored)
                        .stream()
                                .map(JsonObject.class::cast)
                                .map(error -> new FieldError(error.getString("field"), error.getString("message")))
                                .toList();
    }
}
