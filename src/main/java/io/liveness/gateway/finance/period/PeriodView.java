package io.liveness.gateway.finance.period;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.SumsView;
import io.liveness.gateway.finance.period.ClosingCheck.Finding;
import io.liveness.gateway.finance.period.Period.Act;
import io.liveness.gateway.finance.period.Period.Closing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A month in the API. Unknown values are left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PeriodView(
        String month,
        Period.Status status,
        Instant from,
        Instant to,
        Instant softClosedAt,
        String softClosedBy,
        Instant closedAt,
        String closedBy,
        List<SumsView> totals,
        Long rows,
        String hash,
        String archiveHash,
        List<Reason> checklist,
        List<Reason> warnings) {

    /** All months: so few that they need no pages. */
    record All(List<PeriodView> items) {}

    /** A reason against closing a month, or a warning. */
    record Reason(String code, long count, String detail) {

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
