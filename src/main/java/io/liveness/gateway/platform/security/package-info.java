/** Rules about tokens and addresses that are checked at the start, the issuer's keys, and what is remembered of tokens. */
package io.liveness.gateway.platform.security;
