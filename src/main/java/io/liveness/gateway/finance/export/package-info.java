/** Charges as a file. */
package io.liveness.gateway.finance.export;
