/** Sums of fees: by day, month, caller, cost centre or status, and of those that are open by their age. */
package io.liveness.gateway.finance.summary;
