/** Writes stored values anew under the first encryption key, and knows which keys are still needed. */
package io.liveness.gateway.retention.keys;
