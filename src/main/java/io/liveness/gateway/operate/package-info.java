/** The room of operations: how the service is, by the figures and rules of its alerts, and where to find a session. */
package io.liveness.gateway.operate;
