package io.liveness.gateway.finance.summary;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The fees that are open, as the API tells them. */
@Schema(name = "OpenFees", description = "The fees that are open now, by age. An age without fees is left out.")
record OpenFeesView(
        @Schema(required = true, description = "Youngest age first, then by currency.")
        List<OpenFeesOfAgeView> items,

        @Schema(required = true, description = "The sums of all items, for each currency.")
        List<OpenFeesOfAgeView> totals) {

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
    @Schema(name = "OpenFeesOfAge", description = "Fees of one currency that are open.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OpenFeesOfAgeView(
            @Schema(
                    description =
                            "The time since the pre-deduction; absent in totals. 0-10m: less than ten minutes. 10-60m, 1-2h,"
                                    + " 2-4h: from the first value to less than the second. 4h-: four hours or more. A fee should not stay"
                                    + " open longer than a token's life and the grace after it, three hours by default.",
                    enumeration = {"0-10m", "10-60m", "1-2h", "2-4h", "4h-"})
            String age,

            @Schema(required = true, description = "ISO 4217.", pattern = "^[A-Z]{3}$", examples = "CNY")
            String currency,

            @Schema(required = true, description = "Taken, without a verdict yet.")
            FigureView open,

            @Schema(required = true, description = "Possibly taken: init's answer was lost.")
            FigureView unconfirmed) {

        private static OpenFeesOfAgeView of(String age, String currency, Sums sums) {
            return new OpenFeesOfAgeView(
                    age, currency, FigureView.of(sums.open(), currency), FigureView.of(sums.unconfirmed(), currency));
        }
    }
}
