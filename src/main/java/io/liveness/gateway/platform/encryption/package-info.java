/** Encryption at rest, and keyed hashes for lookups. */
package io.liveness.gateway.platform.encryption;
