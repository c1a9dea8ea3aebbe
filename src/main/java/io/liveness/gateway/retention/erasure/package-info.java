/**
 * Erases the data of a person by reference, over all sessions of a caller, by a job that continues after a restart. Repeats erasures
 * after a restore from a backup.
 */
package io.liveness.gateway.retention.erasure;
