/** The start: what stops it, and how that is told. */
package io.liveness.gateway.platform.start;
