/** The base of all packages: request id, pauses, outages, text rules. */
package io.liveness.gateway.platform;
