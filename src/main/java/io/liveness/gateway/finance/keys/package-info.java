/** Idempotency keys of requests that change something in finance. */
package io.liveness.gateway.finance.keys;
