/** Months of the books: what stands in the way of closing one, its closing, and the proof of its rows. */
package io.liveness.gateway.finance.period;
