package io.liveness.gateway.finance.period;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** All months: so few that they need no pages. */
@Schema(name = "PeriodList", description = "All months, from the month of the first fee to the current one.")
record PeriodList(
        @Schema(required = true, description = "Newest first.")
        List<PeriodView> items) {}
