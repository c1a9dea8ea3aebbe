/** Charges: one for each session with a fee. Uses ids and columns of sessions, not their classes. */
package io.liveness.gateway.finance;
