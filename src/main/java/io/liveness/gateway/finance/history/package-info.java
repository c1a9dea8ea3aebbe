/** The history of a fee: movements of its ledger, and events of its session about money. */
package io.liveness.gateway.finance.history;
