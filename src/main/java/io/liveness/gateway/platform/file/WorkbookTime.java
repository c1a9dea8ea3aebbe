package io.liveness.gateway.platform.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** The time of making that a workbook has. The library writes the present one. */
final class WorkbookTime {

    private static final String PROPERTIES = "docProps/core.xml";
    private static final Pattern CREATED = Pattern.compile("(?<=<dcterms:created xsi:type=\"dcterms:W3CDTF\">)[^<]+");
    /** The time of each part: the first one that a ZIP can have. */
    private static final LocalDateTime NONE = LocalDateTime.of(1980, 1, 1, 0, 0);

    private WorkbookTime() {}

    /** Writes a workbook with another time of making, to the second. */
    static void set(byte[] workbook, Instant at, OutputStream to) throws IOException {
        String created = at.truncatedTo(ChronoUnit.SECONDS).toString();
        ZipOutputStream timed = new ZipOutputStream(to);
        // The JDK reads no sizes that follow a part in 64 bits, as the library writes them.
        try (ZipFile parts = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(workbook))
                .get()) {
            for (ZipArchiveEntry part : Collections.list(parts.getEntriesInPhysicalOrder())) {
                byte[] content = parts.getInputStream(part).readAllBytes();
                if (part.getName().equals(PROPERTIES)) {
                    content = CREATED.matcher(new String(content, StandardCharsets.UTF_8))
                            .replaceFirst(created)
                            .getBytes(StandardCharsets.UTF_8);
                }
                ZipEntry copy = new ZipEntry(part.getName());
                copy.setTimeLocal(NONE);
                timed.putNextEntry(copy);
                timed.write(content);
            }
        }
        timed.finish();
    }
}
