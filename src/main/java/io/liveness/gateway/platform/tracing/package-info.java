/** Traces: removal of secrets, and the trace id. */
package io.liveness.gateway.platform.tracing;
