package io.liveness.gateway.finance.period;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.period.Period.Act;
import io.liveness.gateway.finance.period.Period.Closing;
import io.liveness.gateway.finance.period.checks.Finding;
import io.liveness.gateway.finance.summary.SumsView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A month in the API. Unknown values are left out. */
@Schema(name = "Period", description = "A month of the books.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record PeriodView(
        @Schema(required = true, description = "The month.", pattern = "^[0-9]{4}-[0-9]{2}$", examples = "2026-10")
        String month,

        @Schema(required = true) Period.Status status,

        @Schema(required = true, description = "When it begins, where prices begin.")
        Instant from,

        @Schema(required = true, description = "When the next one begins.")
        Instant to,

        @Schema(description = "When it was closed softly.") Instant softClosedAt,

        @Schema(description = "Who did that.") String softClosedBy,

        @Schema(description = "When it was closed.") Instant closedAt,

        @Schema(description = "Who did that.") String closedBy,

        @Schema(description = "Of a closed month: its sums, for each currency.")
        List<SumsView> totals,

        @Schema(description = "Of a closed month: how many lines its proof has.", minimum = "0")
        Long rows,

        @Schema(
                description = "Of a closed month: SHA-256 of its proof, as `sha256sum` has it.",
                pattern = "^[0-9a-f]{64}$")
        String hash,

        @Schema(description = "Of one month that is not closed: what stands in the way; empty when it can be closed.")
        List<PeriodFinding> checklist) {

    /** In a list, without its checklist. */
    static PeriodView of(Period period) {
        return of(period, Optional.empty());
    }

    static PeriodView of(Period period, List<Finding> findings) {
        return of(period, period.closed().isPresent() ? Optional.empty() : Optional.of(findings));
    }

    private static PeriodView of(Period period, Optional<List<Finding>> findings) {
        Optional<Closing> closed = period.closed();
        return new PeriodView(
                period.month().name().toString(),
                period.status(),
                period.month().from(),
                period.month().to(),
                period.softClosed().map(Act::at).orElse(null),
                period.softClosed().map(Act::by).orElse(null),
                closed.map(closing -> closing.act().at()).orElse(null),
                closed.map(closing -> closing.act().by()).orElse(null),
                closed.map(PeriodView::totals).orElse(null),
                closed.map(Closing::rows).orElse(null),
                closed.map(Closing::sha256).orElse(null),
                findings.map(all -> all.stream().map(PeriodFinding::of).toList())
                        .orElse(null));
    }

    private static List<SumsView> totals(Closing closing) {
        return closing.sums().entrySet().stream()
                .map(sum -> SumsView.of(Optional.empty(), sum.getKey(), sum.getValue()))
                .toList();
    }
}
