package io.liveness.gateway.finance.summary;

import java.time.Instant;
import java.util.List;

/** A summary as the API tells it. */
record SummaryView(String timeZone, Instant from, Instant to, List<SumsView> items, List<SumsView> totals) {

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
