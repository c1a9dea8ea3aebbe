/** Lines of a statement beside the sessions they are of. Reads sessions and the ledger, and writes results alone. */
package io.liveness.gateway.bill.match;
