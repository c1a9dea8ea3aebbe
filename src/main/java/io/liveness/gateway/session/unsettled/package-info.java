/** Counts sessions that have no end yet, for operations. */
package io.liveness.gateway.session.unsettled;
