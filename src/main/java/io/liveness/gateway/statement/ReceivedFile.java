package io.liveness.gateway.statement;

import java.util.Optional;

/**
 * A file that has come whole.
 *
 * @param charset its name in Java; empty of a workbook (XLSX), whose texts have none of their own
 */
public record ReceivedFile(byte[] sha256, Optional<String> charset, long bytes) {}
