/** Rules about tokens and addresses that are checked at the start. */
package io.liveness.gateway.platform.security;
