/** The room of finance: charges, one for each session with a fee, their sums, budgets, and what became of sessions. */
package io.liveness.gateway.finance;
