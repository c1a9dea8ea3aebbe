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

/** The first lines of a file as the API tells them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PreviewView(String mapping, String charset, int headerLine, List<PreviewLine> items, Mapping guessed) {

    private static final int LONGEST_CELL = 200;

    /** One line of a preview. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PreviewLine(
            int line,
            List<String> cells,
            String taskNo,
            Instant time,
            StatedStatus status,
            AmountView amount,
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
