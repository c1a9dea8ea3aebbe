/** Errors as problem+json (RFC 9457). */
package io.liveness.gateway.platform.problem;
