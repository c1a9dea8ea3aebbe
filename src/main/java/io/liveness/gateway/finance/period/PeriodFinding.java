package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.period.checks.Finding;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A reason against closing a month, in the API. */
@Schema(name = "PeriodFinding", description = "A reason why a month cannot be closed.")
record PeriodFinding(
        @Schema(
                required = true,
                description =
                        "`month-not-over`, `earlier-month-open`, `fees-open`, `fees-overdue`, `fees-unconfirmed`; others may be added.",
                pattern = "^[a-z]+(-[a-z]+)*$",
                examples = "fees-open")
        String code,

        @Schema(required = true, description = "How many fees or months it concerns.", minimum = "1")
        long count,

        @Schema(required = true, description = "What to do about it, in words.")
        String detail) {

    static PeriodFinding of(Finding finding) {
        return new PeriodFinding(finding.code(), finding.count(), finding.detail());
    }
}
