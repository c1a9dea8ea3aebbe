package io.liveness.gateway.bill.read;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Takes the place of the choice of a decompressor in the native executable: it names those of libraries that are not on the class path
 * (XZ, Zstandard), which the executable would have to have. Workbooks are stored or deflated; the guard refuses any other.
 */
@TargetClass(ZipFile.class)
final class NativeZip {

    private NativeZip() {}

    @Alias
    public native InputStream getRawInputStream(ZipArchiveEntry entry) throws IOException;

    @Substitute
    public InputStream getInputStream(ZipArchiveEntry entry) throws IOException {
        InputStream raw = getRawInputStream(entry);
        // Raw deflate data, which have no header, make zlib want one more byte than there is.
        return entry.getMethod() == ZipArchiveEntry.DEFLATED
                ? new InflaterInputStream(
                        new SequenceInputStream(raw, new ByteArrayInputStream(new byte[1])), new Inflater(true))
                : raw;
    }
}
