/** Monthly budgets of callers, and what is spent of them. */
package io.liveness.gateway.finance.budget;
