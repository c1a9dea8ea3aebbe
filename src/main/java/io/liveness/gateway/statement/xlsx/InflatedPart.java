package io.liveness.gateway.statement.xlsx;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A part of a ZIP file as it is read: inflated as it goes, its length and checksum verified at its end. Damage is thrown as a problem, not
 * as an {@link IOException}.
 */
final class InflatedPart extends InputStream {

    private static final int PIECE = 32 * 1024;
    /** Anything without markup in between, and any tag. The longest text of a cell has 32,767 characters. */
    private static final int MOST_AT_ONCE = 1024 * 1024;

    private final ZipEntry entry;
    private final InputStream file;
    private final Inflation inflation;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] piece = new byte[PIECE];
    private long left;
    private long inflated;
    private int atOnce = MOST_AT_ONCE;
    private boolean ended;

    /** @param file from the first compressed byte on */
    InflatedPart(ZipEntry entry, InputStream file, Inflation inflation) {
        this.entry = entry;
        this.file = file;
        this.inflation = inflation;
        this.left = entry.compressed();
    }

    String name() {
        return entry.name();
    }

    /** From here on as much may be read once more before the next call. */
    void markup() {
        atOnce = MOST_AT_ONCE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        int count = entry.method() == ZipEntry.STORED ? compressed(into, from, length) : inflated(into, from, length);
        if (count <= 0) {
            end();
            return -1;
        }
        inflated += count;
        inflation.count(
                name(), count, inflated, entry.method() == ZipEntry.STORED ? inflated : inflater.getBytesRead());
        crc.update(into, from, count);
        atOnce -= count;
        if (atOnce < 0) {
            throw Damage.ofPart(name(), "has a text or a tag of more than " + MOST_AT_ONCE + " bytes");
        }
        return count;
    }

    private int inflated(byte[] into, int from, int length) throws IOException {
        try {
            int count = 0;
            while (count == 0 && !inflater.finished()) {
                if (inflater.needsInput()) {
                    int read = compressed(piece, 0, PIECE);
                    if (read <= 0) {
                        throw damaged();
                    }
                    inflater.setInput(piece, 0, read);
                }
                count = inflater.inflate(into, from, length);
                if (count == 0 && inflater.needsDictionary()) {
                    throw damaged();
                }
            }
            return count;
        } catch (DataFormatException e) {
            throw damaged();
        }
    }

    private int compressed(byte[] into, int from, int length) throws IOException {
        int read = left == 0 ? 0 : file.read(into, from, (int) Math.min(length, left));
        left -= Math.max(read, 0);
        return read;
    }

    private void end() {
        ended = true;
        if (crc.getValue() != entry.crc()) {
            throw damaged();
        }
    }

    private RuntimeException damaged() {
        return Damage.ofPart(name(), "is damaged");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}
