package io.liveness.gateway.finance.budget;

import java.util.List;

/** All budgets: as many as there are callers with one, so that they need no pages. */
record BudgetList(List<BudgetView> items) {}
