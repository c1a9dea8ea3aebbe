package io.liveness.gateway.statement.importing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.mapping.StatedStatus;
import io.liveness.gateway.statement.reading.Line;
import io.liveness.gateway.statement.reading.Preview;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The first lines of a file as the API tells them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "StatementPreview", description = "The first lines of a file, read with a mapping. Nothing was stored.")
record PreviewView(
        @Schema(required = true, description = "The name of the mapping.")
        String mapping,

        @Schema(
                description =
                        "The character set, UTF-8, GB18030 or UTF-16, detected from the beginning of the file; absent for"
                                + " XLSX.",
                enumeration = {"UTF-8", "GB18030", "UTF-16"})
        String charset,

        @Schema(required = true, description = "The line number of the header.")
        int headerLine,

        @Schema(required = true, description = "At most 20 lines.")
        List<PreviewLine> items,

        @Schema(
                description = "With `guess`: the mapping that the items are read with. Absent when no row is like a"
                        + " header; they are read with the named mapping then.")
        Mapping guessed) {

    private static final int LONGEST_CELL = 200;

    /** One line of a preview. */
    @Schema(name = "StatementPreviewLine", description = "A line, raw and as it is read.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PreviewLine(
            @Schema(required = true, description = "The number of the line in the file, from 1.")
            int line,

            @Schema(required = true, description = "Its cells; a long cell is cut.")
            List<String> cells,

            @Schema(description = "The vendor's task number of init.")
            String taskNo,

            @Schema(description = "When the fee was taken.") Instant time,
            @Schema(description = "The status of the fee.") StatedStatus status,
            @Schema(description = "The amount of the fee.") AmountView amount,

            @Schema(description = "Why the line cannot be read.")
            String problem) {

        static PreviewLine of(Preview.Entry entry, String currency) {
            Line line = entry.line();
            return new PreviewLine(
                    line.number(),
                    entry.row().cells().stream().map(PreviewLine::shortened).toList(),
                    line.taskNo().orElse(null),
                    line.at().orElse(null),
                    line.status().orElse(null),
                    line.amount()
                            .map(units -> AmountView.of(new Money(units, currency)))
                            .orElse(null),
                    line.problem().orElse(null));
        }

        private static String shortened(String cell) {
            return cell.codePointCount(0, cell.length()) <= LONGEST_CELL
                    ? cell
                    : cell.substring(0, cell.offsetByCodePoints(0, LONGEST_CELL));
        }
    }

    static PreviewView of(Preview preview, Optional<Charset> charset, NamedMapping mapping, Optional<Mapping> guessed) {
        return new PreviewView(
                mapping.name(),
                charset.map(Charset::name).orElse(null),
                preview.header(),
                preview.entries().stream()
                        .map(entry -> PreviewLine.of(entry, mapping.mapping().currency()))
                        .toList(),
                guessed.orElse(null));
    }
}
