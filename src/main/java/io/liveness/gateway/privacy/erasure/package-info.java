/** Erases the data of a person by reference, over all sessions of a caller, by a job that continues after a restart. */
package io.liveness.gateway.privacy.erasure;
