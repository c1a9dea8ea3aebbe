package io.liveness.gateway.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.statement.matching.MatchKind;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
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

    public static StatementView of(StatementRow row) {
        return new StatementView(
                row.id(),
                row.status(),
                row.dryRun(),
                row.fileName().orElse(null),
                row.sha256(),
                row.mapping(),
                row.charset().orElse(null),
                new Progress(row.bytes(), row.bytesRead(), row.lines(), row.linesMatched()),
                row.periodFrom().or(row::first).orElse(null),
                row.periodTo().or(row::last).orElse(null),
                row.lines(),
                row.counts().getInteger(MatchKind.MATCHED.name(), 0),
                counts(row.counts(), true),
                counts(row.counts(), false),
                row.linesOutside(),
                money(row.sum(), row),
                money(row.charged(), row),
                row.status() == StatementStatus.FAILED ? problem(row) : null,
                row.supersedes().orElse(null),
                row.supersededBy().orElse(null),
                row.importedBy(),
                row.importedAt(),
                row.withdrawnBy().orElse(null),
                row.withdrawnAt().orElse(null),
                row.reason().orElse(null),
                row.withdrawingBy().orElse(null));
    }

    private static Map<MatchKind, Integer> counts(JsonObject counts, boolean differences) {
        Map<MatchKind, Integer> byKind = new TreeMap<>();
        Arrays.stream(MatchKind.values())
                .filter(kind -> kind.isDifference() == differences && kind != MatchKind.MATCHED)
                .forEach(kind -> byKind.put(kind, counts.getInteger(kind.name(), 0)));
        return byKind;
    }

    private static AmountView money(Optional<Long> units, StatementRow row) {
        return units.map(amount -> AmountView.of(new Money(amount, row.currency())))
                .orElse(null);
    }

    private static List<FieldError> problem(StatementRow row) {
        return row.problem() == null
                ? BROKEN_OFF
                : IntStream.range(0, row.problem().size())
                        .mapToObj(row.problem()::getJsonObject)
                        .map(error -> new FieldError(error.getString("field"), error.getString("message")))
                        .toList();
    }
}
