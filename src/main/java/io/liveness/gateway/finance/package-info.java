/** What finance reads of fees: one charge for each session with a fee. Knows their ids and columns, not sessions. */
package io.liveness.gateway.finance;
