/** Limits of requests per caller, and of work under way at once. */
package io.liveness.gateway.platform.limits;
