/** Rewrites stored values under the first encryption key, and records which keys are still needed. */
package io.liveness.gateway.privacy.keys;
