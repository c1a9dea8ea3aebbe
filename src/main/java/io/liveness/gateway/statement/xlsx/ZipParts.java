package io.liveness.gateway.statement.xlsx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The parts of a ZIP file in memory (PKWARE's APPNOTE, 4.3 and 4.5.3). Its directory alone says what they are: the headers in front of
 * them are passed over. The JDK reads such files from a disk, or as a stream, which may tell of other parts than the directory does.
 */
final class ZipParts {

    private static final int MOST_PARTS = 1_000;
    private static final int MOST_DIRECTORY = 1024 * 1024;

    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_SIZE = 20;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int HEADER = 0x04034b50;
    private static final int HEADER_SIZE = 30;
    private static final int LARGE = 1;
    private static final long IS_LARGE = 0xffff_ffffL;
    private static final int DEFLATED = 8;

    private final byte[] file;
    private final ByteBuffer bytes;
    /** By name in lower case: names in such files do not differ by case. */
    private final Map<String, Part> parts = new HashMap<>();

    /**
     * A part.
     *
     * @param flags the first bit is that of encryption
     * @param compressed its size in the file
     * @param at where its header begins
     */
    record Part(String name, int flags, int method, long crc, long compressed, long at) {}

    ZipParts(byte[] file) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int end = file.length - END_SIZE;
        while (end >= 0 && bytes.getInt(end) != END) {
            end = end <= file.length - END_SIZE - LONGEST_COMMENT ? -1 : end - 1;
        }
        if (end < 0) {
            throw Damage.of("is an incomplete XLSX file");
        }
        try {
            read(end);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw damaged();
        }
    }

    private void read(int end) {
        long count = unsignedShort(end + 10);
        long begin = unsignedInt(end + 16);
        if (end >= LOCATOR_64_SIZE && bytes.getInt(end - LOCATOR_64_SIZE) == LOCATOR_64) {
            int large = Math.toIntExact(bytes.getLong(end - LOCATOR_64_SIZE + 8));
            count = bytes.getLong(large + 32);
            begin = bytes.getLong(large + 48);
        }
        if (count > MOST_PARTS || end - begin > MOST_DIRECTORY) {
            throw Damage.of("has " + count + " parts in a directory of " + (end - begin)
                    + " bytes; a workbook has at most " + MOST_PARTS + " in " + MOST_DIRECTORY + " bytes");
        }
        int at = Math.toIntExact(begin);
        for (int i = 0; i < count; i++) {
            if (bytes.getInt(at) != ENTRY) {
                throw damaged();
            }
            int extra = at + ENTRY_SIZE + unsignedShort(at + 28);
            int next = extra + unsignedShort(at + 30);
            Part part = part(at, extra, next);
            if (parts.put(part.name().toLowerCase(Locale.ROOT), part) != null) {
                throw Damage.ofPart(part.name(), "occurs in it twice");
            }
            at = next + unsignedShort(at + 32);
        }
    }

    private Part part(int at, int extra, int end) {
        long compressed = unsignedInt(at + 20);
        long header = unsignedInt(at + 42);
        int field = extra;
        while (field + 4 <= end && unsignedShort(field) != LARGE) {
            field += 4 + unsignedShort(field + 2);
        }
        if (field + 4 <= end) {
            // It has those numbers that are too large for their place: first the inflated size.
            int value = field + 4 + (unsignedInt(at + 24) == IS_LARGE ? 8 : 0);
            if (compressed == IS_LARGE) {
                compressed = bytes.getLong(value);
                value += 8;
            }
            header = header == IS_LARGE ? bytes.getLong(value) : header;
        }
        String name = new String(file, at + ENTRY_SIZE, extra - at - ENTRY_SIZE, StandardCharsets.UTF_8);
        return new Part(name, unsignedShort(at + 8), unsignedShort(at + 10), unsignedInt(at + 16), compressed, header);
    }

    Optional<Part> part(String name) {
        return Optional.ofNullable(parts.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The bytes of a part; their checksum is to be compared. */
    InputStream inflated(Part part) {
        if ((part.flags() & 1) != 0) {
            throw Damage.of("is encrypted; save it without a password");
        }
        if (part.method() != 0 && part.method() != DEFLATED) {
            throw Damage.ofPart(part.name(), "is compressed by an unknown method");
        }
        try {
            int header = Math.toIntExact(part.at());
            int begin = header + HEADER_SIZE + unsignedShort(header + 26) + unsignedShort(header + 28);
            int length = Math.toIntExact(part.compressed());
            if (bytes.getInt(header) != HEADER || begin > file.length - length) {
                throw Damage.ofPart(part.name(), "is damaged");
            }
            // Without a header of its own zlib wants one more byte than there is.
            return part.method() == 0
                    ? new ByteArrayInputStream(file, begin, length)
                    : new Inflated(new ByteArrayInputStream(file, begin, length + 1));
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw Damage.ofPart(part.name(), "is damaged");
        }
    }

    private int unsignedShort(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private long unsignedInt(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    private static RuntimeException damaged() {
        return Damage.of("is not readable as XLSX: the directory of the ZIP file is damaged");
    }

    /** Frees the memory of zlib at its end, not at a collection of garbage. */
    private static final class Inflated extends InflaterInputStream {

        Inflated(InputStream compressed) {
            super(compressed, new Inflater(true), 16 * 1024);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }
}
