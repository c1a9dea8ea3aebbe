package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** The parts of a workbook's file, a ZIP file that comes from outside: by its directory alone, and each inflated as it is read. */
final class Parts implements AutoCloseable {

    private static final int MOST_PARTS = 1_000;
    private static final int MOST_DIRECTORY = 1024 * 1024;
    /** What the directory has of each part begins with it (PKWARE's APPNOTE, 4.3.12), and has the lengths of three texts. */
    private static final int ENTRY = 0x02014b50;

    private static final int ENTRY_SIZE = 46;
    private static final List<Integer> LENGTHS = List.of(28, 30, 32);
    private static final String DAMAGED = "is not readable as XLSX: the directory of the ZIP file is damaged";

    private final Limits limits;
    private final ZipFile zip;
    private final Map<String, ZipArchiveEntry> byName = new HashMap<>();

    Parts(byte[] file, Limits limits) {
        this.limits = limits;
        requireSmallDirectory(file);
        try {
            this.zip = ZipFile.builder()
                    .setSeekableByteChannel(new SeekableInMemoryByteChannel(file))
                    .setIgnoreLocalFileHeader(true)
                    .get();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(DAMAGED);
        }
        for (ZipArchiveEntry part : Collections.list(zip.getEntries())) {
            String name = part.getName().toLowerCase(Locale.ROOT);
            if (name.endsWith("vbaproject.bin") || name.startsWith("xl/macrosheets/")) {
                throw unreadable("has macros, which are not accepted; save it as XLSX without macros");
            }
            if (name.equals("xl/workbook.bin")) {
                throw unreadable("is a binary workbook (XLSB); save it as XLSX or CSV");
            }
            byName.put(name, part);
        }
    }

    /** Of a file that is of no use as a workbook. */
    static ProblemException unreadable(String why) {
        return ProblemException.invalid("body", "workbook-unreadable", why);
    }

    /** The directory is held in memory as a whole. Wherever it is in the file, each of its entries is found. */
    private static void requireSmallDirectory(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int parts = 0;
        long size = 0;
        for (int at = 0; at <= file.length - ENTRY_SIZE; at++) {
            if (bytes.getInt(at) == ENTRY) {
                parts++;
                size += ENTRY_SIZE;
                for (int length : LENGTHS) {
                    size += Short.toUnsignedInt(bytes.getShort(at + length));
                }
            }
        }
        if (parts == 0) {
            throw unreadable("is an incomplete XLSX file");
        }
        if (parts > MOST_PARTS || size > MOST_DIRECTORY) {
            throw unreadable("has " + parts + " parts in a directory of " + size + " bytes; a workbook has at most "
                    + MOST_PARTS + " in " + MOST_DIRECTORY + " bytes");
        }
    }

    /** Whether there is one of that name, in letters of either case. */
    boolean has(String name) {
        return byName.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** From its beginning; empty when there is none of that name. */
    Optional<Xml> open(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT))).map(this::open);
    }

    private Xml open(ZipArchiveEntry part) {
        boolean isKnown = part.getMethod() == ZipArchiveEntry.STORED || part.getMethod() == ZipArchiveEntry.DEFLATED;
        if (part.getGeneralPurposeBit().usesEncryption() || !isKnown) {
            throw unreadable("is encrypted, or compressed by an unknown method; save it without a password");
        }
        try {
            return new Xml(part, zip.getInputStream(part), limits);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(DAMAGED);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
