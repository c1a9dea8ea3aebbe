package io.liveness.gateway.finance.period;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.period.ClosingCheck.Finding;
import io.liveness.gateway.finance.period.Period.Act;
import io.liveness.gateway.finance.period.Period.Closing;
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

        @Schema(required = true, description = "When it begins, in the zone `liveness.billing.time-zone`.")
        Instant from,

        @Schema(required = true, description = "When the next month begins.")
        Instant to,

        @Schema(description = "When it was soft-closed.") Instant softClosedAt,

        @Schema(description = "The caller that did it.") String softClosedBy,

        @Schema(description = "When it was closed.") Instant closedAt,

        @Schema(description = "The caller that did it.") String closedBy,

        @Schema(description = "CLOSED: its sums, for each currency.")
        List<SumsView> totals,

        @Schema(description = "CLOSED: the number of lines of its proof.", minimum = "0")
        Long rows,

        @Schema(description = "CLOSED: SHA-256 of its proof, as `sha256sum` prints it.", pattern = "^[0-9a-f]{64}$")
        String hash,

        @Schema(
                description = "CLOSED: SHA-256 of its file for the archive, as `sha256sum` prints it.",
                pattern = "^[0-9a-f]{64}$")
        String archiveHash,

        @Schema(
                description =
                        "Reasons why the month cannot be closed; empty when it can. Only when one month that is not closed is read.")
        List<Reason> checklist,

        @Schema(
                description =
                        "What is not in order but does not prevent a close; absent when there is nothing. CLOSED: what it was closed with."
                                + " Otherwise only when one month is read.")
        List<Reason> warnings) {

    /** All months: so few that they need no pages. */
    @Schema(name = "PeriodList", description = "All months, from the month of the first fee to the current one.")
    record All(
            @Schema(required = true, description = "Newest first.")
            List<PeriodView> items) {}

    /** A reason against closing a month, or a warning. */
    @Schema(name = "PeriodFinding", description = "A reason why a month cannot be closed, or a warning.")
    record Reason(
            @Schema(
                    required = true,
                    description =
                            "`month-not-over`, `earlier-month-open`, `fees-open`, `fees-overdue`, `fees-unconfirmed`,"
                                    + " `statement-missing`, `statements-under-way`, `differences-open`; warnings: `no-statement`,"
                                    + " `lines-outside-period`; others may be added.",
                    pattern = "^[a-z]+(-[a-z]+)*$",
                    examples = "fees-open")
            String code,

            @Schema(
                    required = true,
                    description = "How many fees, months, statements, differences or lines it concerns.",
                    minimum = "1")
            long count,

            @Schema(required = true, description = "What to do about it, in words.")
            String detail) {

        private static List<Reason> of(List<Finding> findings, boolean warnings) {
            return findings.stream()
                    .filter(finding -> finding.isWarning() == warnings)
                    .map(finding -> new Reason(finding.code(), finding.count(), finding.detail()))
                    .toList();
        }
    }

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
                closed.flatMap(Closing::archiveSha256).orElse(null),
                findings.map(all -> Reason.of(all, false)).orElse(null),
                closed.map(Closing::warnings)
                        .or(() -> findings)
                        .map(all -> Reason.of(all, true))
                        .filter(all -> !all.isEmpty())
                        .orElse(null));
    }

    private static List<SumsView> totals(Closing closing) {
        return closing.sums().entrySet().stream()
                .map(sum -> SumsView.total(sum.getKey(), sum.getValue()))
                .toList();
    }
}
