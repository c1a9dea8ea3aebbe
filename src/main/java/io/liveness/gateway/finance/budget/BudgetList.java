package io.liveness.gateway.finance.budget;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** All budgets: as many as there are callers with one, so that they need no pages. */
@Schema(name = "BudgetList", description = "All budgets.")
record BudgetList(
        @Schema(required = true, description = "Sorted by caller.")
        List<BudgetView> items) {}
