/** Limits and rules for the bodies of requests. */
package io.liveness.gateway.platform.body;
