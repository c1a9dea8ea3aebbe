/** Takes from sessions what retention, redaction and erasure end. */
package io.liveness.gateway.check.retention;
