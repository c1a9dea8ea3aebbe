package io.liveness.gateway.platform.encryption;

/**
 * The keyed hash of a value, to store without the value.
 *
 * @param digestSealed the digest of the value: with it the hash can be written under another encryption key
 */
public record KeyedHash(byte[] hash, byte[] digestSealed) {}
