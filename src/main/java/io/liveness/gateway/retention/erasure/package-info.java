/**
 * Erases the data of a person by reference, over all sessions of a caller, by a job that continues after a restart. Repeats erasures
 * after a restore from a backup. Only {@code retention.keys} imports this package, to
 * rewrite keyed hashes.
 */
package io.liveness.gateway.retention.erasure;
