/** Months of the books: their checklist, their closing, and the proof of their rows. */
package io.liveness.gateway.finance.month;
