/** The list of adjustments: what accepted differences have added to the ledger, and what was taken back. */
package io.liveness.gateway.statement.adjustment;
