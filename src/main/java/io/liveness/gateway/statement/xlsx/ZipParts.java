package io.liveness.gateway.statement.xlsx;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The parts of a ZIP file, each opened by its name. */
final class ZipParts {

    private static final int HEADER = 0x04034b50;
    private static final int HEADER_SIZE = 30;

    private final StoredFile file;
    private final ZipDirectory directory;
    private final Inflation inflation;

    ZipParts(StoredFile file, Inflation inflation) {
        this.file = file;
        this.directory = ZipDirectory.of(file);
        this.inflation = inflation;
    }

    boolean has(String name) {
        return directory.entry(name).isPresent();
    }

    /** Empty when there is none. To be closed. */
    Optional<Xml> xml(String name) {
        return directory.entry(name).map(this::open).map(Xml::new);
    }

    private InflatedPart open(ZipEntry entry) {
        if (entry.isEncrypted()) {
            throw Damage.of("is encrypted; save it without a password");
        }
        if (entry.method() != ZipEntry.STORED && entry.method() != ZipEntry.DEFLATED) {
            throw Damage.ofPart(entry.name(), "is compressed by an unknown method");
        }
        if (entry.header() < 0 || entry.header() > file.length() || entry.compressed() < 0) {
            throw damaged(entry);
        }
        InputStream in = file.from(entry.header());
        try {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_SIZE)).order(ByteOrder.LITTLE_ENDIAN);
            if (header.capacity() < HEADER_SIZE || header.getInt(0) != HEADER) {
                throw damaged(entry);
            }
            in.skipNBytes((long) Short.toUnsignedInt(header.getShort(26)) + Short.toUnsignedInt(header.getShort(28)));
            return new InflatedPart(entry, in, inflation);
        } catch (EOFException e) {
            throw damaged(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException damaged(ZipEntry entry) {
        return Damage.ofPart(entry.name(), "is damaged");
    }
}
