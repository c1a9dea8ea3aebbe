package io.liveness.gateway.statement;

/**
 * A file that has come whole.
 *
 * @param charset its name in Java
 */
public record ReceivedFile(byte[] sha256, String charset, long bytes) {}
