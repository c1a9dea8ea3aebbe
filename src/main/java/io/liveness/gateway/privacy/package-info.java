/** The room of privacy: personal data end with their retention or with an erasure, and old encryption keys become free. */
package io.liveness.gateway.privacy;
