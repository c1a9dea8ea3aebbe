/** Traces: what they may hold, and where else their id stands. */
package io.liveness.gateway.platform.tracing;
