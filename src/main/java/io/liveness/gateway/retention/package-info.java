/** Erases what is kept no longer than needed. */
package io.liveness.gateway.retention;
