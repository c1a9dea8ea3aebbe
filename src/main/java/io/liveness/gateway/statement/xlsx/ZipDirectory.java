package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The directory at the end of a ZIP file (PKWARE's APPNOTE, 4.3.12 to 4.3.16), ZIP64 included. Its size and number of entries are limited
 * before any of it is read.
 */
final class ZipDirectory {

    private static final int MOST_ENTRIES = 1_000;
    private static final int MOST_BYTES = 1024 * 1024;

    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_SIZE = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_SIZE = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int EXTRA_64 = 1;
    private static final long IN_EXTRA = 0xffff_ffffL;

    /** By name in lower case: names in such files do not differ by case. */
    private final Map<String, ZipEntry> entries = new HashMap<>();

    /** Where the directory is. */
    private record Place(long entries, long bytes, long at) {}

    private ZipDirectory() {}

    static ZipDirectory of(StoredFile file) {
        Place place = place(file);
        if (place.entries() > MOST_ENTRIES || place.bytes() > MOST_BYTES) {
            throw Damage.of("has " + place.entries() + " parts in a directory of " + place.bytes()
                    + " bytes; a workbook has at most " + MOST_ENTRIES + " in " + MOST_BYTES + " bytes");
        }
        ZipDirectory directory = new ZipDirectory();
        directory.read(bytes(file, place.at(), place.bytes()), place.entries());
        return directory;
    }

    Optional<ZipEntry> entry(String name) {
        return Optional.ofNullable(entries.get(name.toLowerCase(Locale.ROOT)));
    }

    private static Place place(StoredFile file) {
        long from = Math.max(0, file.length() - END_SIZE - LONGEST_COMMENT);
        ByteBuffer tail = bytes(file, from, file.length() - from);
        for (int at = tail.capacity() - END_SIZE; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_SIZE + u16(tail, at + 20) == tail.capacity()) {
                Place place = new Place(u16(tail, at + 10), u32(tail, at + 12), u32(tail, at + 16));
                boolean large = at >= LOCATOR_64_SIZE && tail.getInt(at - LOCATOR_64_SIZE) == LOCATOR_64;
                return large ? place64(file, tail.getLong(at - LOCATOR_64_SIZE + 8)) : place;
            }
        }
        throw Damage.of("is an incomplete XLSX file");
    }

    private static Place place64(StoredFile file, long at) {
        ByteBuffer end = bytes(file, at, END_64_SIZE);
        if (end.getInt(0) != END_64) {
            throw broken();
        }
        return new Place(end.getLong(32), end.getLong(40), end.getLong(48));
    }

    private void read(ByteBuffer directory, long count) {
        int at = 0;
        for (long i = 0; i < count; i++) {
            if (directory.capacity() - at < ENTRY_SIZE || directory.getInt(at) != ENTRY) {
                throw broken();
            }
            int name = u16(directory, at + 28);
            int extra = u16(directory, at + 30);
            int end = at + ENTRY_SIZE + name + extra + u16(directory, at + 32);
            if (end > directory.capacity()) {
                throw broken();
            }
            add(entry(directory, at, name, extra));
            at = end;
        }
    }

    private void add(ZipEntry entry) {
        if (entries.put(entry.name().toLowerCase(Locale.ROOT), entry) != null) {
            throw Damage.ofPart(entry.name(), "occurs in it twice");
        }
    }

    private static ZipEntry entry(ByteBuffer directory, int at, int nameLength, int extraLength) {
        byte[] name = new byte[nameLength];
        directory.get(at + ENTRY_SIZE, name);
        long size = u32(directory, at + 24);
        long compressed = u32(directory, at + 20);
        long header = u32(directory, at + 42);
        if (size == IN_EXTRA || compressed == IN_EXTRA || header == IN_EXTRA) {
            ByteBuffer extra = extra64(directory, at + ENTRY_SIZE + nameLength, extraLength);
            if (size == IN_EXTRA) {
                next(extra);
            }
            compressed = compressed == IN_EXTRA ? next(extra) : compressed;
            header = header == IN_EXTRA ? next(extra) : header;
        }
        return new ZipEntry(
                new String(name, StandardCharsets.UTF_8),
                u16(directory, at + 8),
                u16(directory, at + 10),
                u32(directory, at + 16),
                compressed,
                header);
    }

    private static ByteBuffer extra64(ByteBuffer directory, int from, int length) {
        int at = from;
        while (at + 4 <= from + length) {
            int size = u16(directory, at + 2);
            if (u16(directory, at) == EXTRA_64 && at + 4 + size <= from + length) {
                return directory.slice(at + 4, size).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + size;
        }
        throw broken();
    }

    private static long next(ByteBuffer extra) {
        if (extra.remaining() < Long.BYTES) {
            throw broken();
        }
        return extra.getLong();
    }

    /** @throws ProblemException when the file does not have all of them */
    private static ByteBuffer bytes(StoredFile file, long at, long length) {
        if (at < 0 || length < 0 || at > file.length() || length > file.length() - at) {
            throw broken();
        }
        try (InputStream in = file.from(at)) {
            byte[] bytes = in.readNBytes(Math.toIntExact(length));
            if (bytes.length < length) {
                throw broken();
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException broken() {
        return Damage.of("is not readable as XLSX: the directory of the ZIP file is damaged");
    }

    private static int u16(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static long u32(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
