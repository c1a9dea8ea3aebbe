/**
 * Erases the data of a person by reference, over all sessions of a caller, as a job that survives restarts, and repeats erasures after a
 * restore. Sessions know nothing of it.
 */
package io.liveness.gateway.retention.erasure;
