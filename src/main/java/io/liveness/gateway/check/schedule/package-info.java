/** When sessions are polled, and the lease by which one replica polls at a time. */
package io.liveness.gateway.check.schedule;
