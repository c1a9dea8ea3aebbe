/** What every other package may use: request id, clocks that only run forward, pauses, text rules. */
package io.liveness.gateway.platform;
