/** The results of a match as finance works through them, and the adjustments that this leads to. */
package io.liveness.gateway.bill.work;
