/** Why a fee was charged: the movements of its ledger, and what happened to its session, as far as it is about money. */
package io.liveness.gateway.finance.history;
