/** Leases sessions that are due to be asked about, so that one replica asks at a time. */
package io.liveness.gateway.session.leasing;
