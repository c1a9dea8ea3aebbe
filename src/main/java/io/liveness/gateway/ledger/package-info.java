/** The ledger and the prices. Knows the ids of sessions, not sessions. */
package io.liveness.gateway.ledger;
