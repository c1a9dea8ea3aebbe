package io.liveness.gateway.finance.summary;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.Money;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Sums as the API tells them. */
@Schema(
        name = "ChargeSums",
        description = "Fees of one currency by state: preDeducted = charged + refunded + open + unconfirmed.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SumsView(
        @Schema(
                description =
                        "The day (2026-11-30), month (2026-11), caller, cost centre or status. Absent for fees without a cost"
                                + " centre, for adjustments without a session, and in totals.")
        String key,

        @Schema(required = true, description = "ISO 4217.", pattern = "^[A-Z]{3}$", examples = "CNY")
        String currency,

        @Schema(required = true, description = "All fees.") FigureView preDeducted,

        @Schema(required = true, description = "Final: verdict 200 or 202.")
        FigureView charged,

        @Schema(required = true, description = "Refunded, including presumed refunds.")
        FigureView refunded,

        @Schema(
                required = true,
                description =
                        "Part of `refunded`: refunds that follow from the vendor's rule alone, because its answer was lost.")
        FigureView presumed,

        @Schema(required = true, description = "Taken, without a verdict yet.")
        FigureView open,

        @Schema(required = true, description = "Possibly taken: init's answer was lost.")
        FigureView unconfirmed,

        @Schema(
                required = true,
                description =
                        "Corrections, by the time of the fee or line that they correct, or of their recording when that month was"
                                + " closed before; not included in the other figures.")
        FigureView adjusted,

        @Schema(
                description =
                        "What is to be paid: charged plus adjusted, rounded half up to the minor unit of the currency. Only in"
                                + " totals, where it is rounded once; all other amounts are exact.",
                pattern = "^-?[0-9]+(\\.[0-9]+)?$",
                examples = "2.42")
        String payable) {

    /** @param key of a group; empty for the fees without one, whose sum is no total either */
    static SumsView ofGroup(Optional<String> key, String currency, Sums sums) {
        return of(key.orElse(null), currency, sums, null);
    }

    /** A total of a currency, with what is to be paid. */
    public static SumsView total(String currency, Sums sums) {
        Figure due = sums.charged().plus(sums.adjusted());
        return of(
                null,
                currency,
                sums,
                new Money(due.amount(), currency).payable().decimal());
    }

    private static SumsView of(String key, String currency, Sums sums, String payable) {
        return new SumsView(
                key,
                currency,
                FigureView.of(sums.preDeducted(), currency),
                FigureView.of(sums.charged(), currency),
                FigureView.of(sums.refunded(), currency),
                FigureView.of(sums.presumed(), currency),
                FigureView.of(sums.open(), currency),
                FigureView.of(sums.unconfirmed(), currency),
                FigureView.of(sums.adjusted(), currency),
                payable);
    }
}
