/** Brings unsettled sessions to a verdict before it is lost, on any number of replicas. */
package io.liveness.gateway.reconciliation;
