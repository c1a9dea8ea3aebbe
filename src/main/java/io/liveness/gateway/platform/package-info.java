/** The base of all packages: request id, steady time, pauses, text rules. */
package io.liveness.gateway.platform;
