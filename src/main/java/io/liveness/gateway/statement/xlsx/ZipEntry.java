package io.liveness.gateway.statement.xlsx;

/**
 * A part of a ZIP file, as its directory tells it.
 *
 * @param flags bit 0: encrypted
 * @param method 0: stored, 8: deflated
 * @param compressed bytes in the file
 * @param header the position of its local header
 */
record ZipEntry(String name, int flags, int method, long crc, long compressed, long header) {

    static final int STORED = 0;
    static final int DEFLATED = 8;

    boolean isEncrypted() {
        return (flags & 1) != 0;
    }
}
