/** Roles and callers, rules about tokens that are checked at the start, the issuer's keys, and verified tokens. */
package io.liveness.gateway.platform.security;
