package io.liveness.gateway.finance.summary;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A summary as the API tells it. */
@Schema(name = "ChargeSummary", description = "Fees summed by group. A group without fees and adjustments is left out.")
record SummaryView(
        @Schema(required = true, description = "Where days and months begin.")
        String timeZone,

        @Schema(required = true, description = "The start of the range, inclusive.")
        Instant from,

        @Schema(required = true, description = "The end of the range, exclusive.")
        Instant to,

        @Schema(required = true, description = "Sorted by key and currency.")
        List<SumsView> items,

        @Schema(required = true, description = "The sums of all items, for each currency.")
        List<SumsView> totals) {

    static SummaryView of(Summary summary, SumCharges.Filter filter) {
        return new SummaryView(
                filter.zone().getId(),
                filter.from(),
                filter.to(),
                summary.groups().entrySet().stream()
                        .map(group -> SumsView.ofGroup(
                                group.getKey().key(), group.getKey().currency(), group.getValue()))
                        .toList(),
                summary.totals().entrySet().stream()
                        .map(total -> SumsView.total(total.getKey(), total.getValue()))
                        .toList());
    }
}
