/** Budgets of callers: what a caller may spend in a month, and how far it has. */
package io.liveness.gateway.finance.budget;
