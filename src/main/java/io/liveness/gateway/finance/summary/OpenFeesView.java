package io.liveness.gateway.finance.summary;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** The fees that are open, as the API tells them. */
record OpenFeesView(List<OpenFeesOfAgeView> items, List<OpenFeesOfAgeView> totals) {

    static OpenFeesView of(Summary summary) {
        return new OpenFeesView(
                summary.groups().entrySet().stream()
                        .map(group -> OpenFeesOfAgeView.of(
                                label(group.getKey()), group.getKey().currency(), group.getValue()))
                        .toList(),
                summary.totals().entrySet().stream()
                        .map(total -> OpenFeesOfAgeView.of(null, total.getKey(), total.getValue()))
                        .toList());
    }

    private static String label(Summary.Group group) {
        return OpenFees.Age.values()[Integer.parseInt(group.key().orElseThrow())].label();
    }

    /** Those of one age. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OpenFeesOfAgeView(String age, String currency, FigureView open, FigureView unconfirmed) {

        private static OpenFeesOfAgeView of(String age, String currency, Sums sums) {
            return new OpenFeesOfAgeView(
                    age, currency, FigureView.of(sums.open(), currency), FigureView.of(sums.unconfirmed(), currency));
        }
    }
}
