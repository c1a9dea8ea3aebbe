/** How the service is, by the figures and rules of its alerts. */
package io.liveness.gateway.health;
