/** Roles and callers, rules about tokens that are checked at the start, the issuer's keys, verified tokens, encryption. */
package io.liveness.gateway.platform.security;
