package io.liveness.gateway.statement;

import java.util.Optional;

/**
 * A file that was received completely.
 *
 * @param charset its name in Java; empty for a workbook (XLSX), which defines its encoding
 */
public record ReceivedFile(byte[] sha256, Optional<String> charset, long bytes) {}
