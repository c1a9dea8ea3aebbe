package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.reading.CharsetProbe;
import io.liveness.gateway.statement.reading.CsvFile;
import io.liveness.gateway.statement.reading.Preview;
import io.liveness.gateway.statement.reading.RawRow;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/** Reads the first lines of a file and stores nothing. */
@Singleton
class PreviewFile {

    static final int LINES = 20;

    /** Twenty rows and a letterhead, each as long as it may be. */
    private static final int HEAD = 4 * 1024 * 1024;

    private static final int REST = 64 * 1024;

    private final PreviewWorkbook workbooks;
    private final ImportPlaces places;
    private final Upload limit;

    PreviewFile(PreviewWorkbook workbooks, ImportPlaces places, ImportConfig config) {
        this.workbooks = workbooks;
        this.places = places;
        this.limit = ImportPlaces.previewUpload(config);
    }

    /**
     * Shows the first lines of a file.
     *
     * @param caller the caller that it counts for
     * @param guess whether the columns are to be guessed; the mapping has the rest then
     * @throws ProblemException when it is too large, or has no header in its beginning
     */
    PreviewView preview(Caller caller, SentFile file, NamedMapping mapping, boolean guess) {
        places.take(caller);
        try {
            return file.isWorkbook()
                    ? workbooks.preview(file, limit, mapping, guess)
                    : csv(file, limit, mapping, guess);
        } finally {
            places.leave(caller);
        }
    }

    private static PreviewView csv(SentFile sent, Upload limit, NamedMapping named, boolean guess) {
        InputStream file = sent.bytes();
        try {
            byte[] head = file.readNBytes(HEAD);
            boolean whole = discarded(file, limit.maxBytes() - head.length, limit) == 0;
            sent.requireBeginning(head, head.length);
            CharsetProbe probe = new CharsetProbe();
            probe.add(head, head.length);
            Charset charset = whole ? probe.charset() : probe.charsetSoFar();
            byte[] rows = whole ? head : Arrays.copyOf(head, lastLineEnd(head));
            Optional<Mapping> guessed =
                    guess ? CsvFile.guess(new ByteArrayInputStream(rows), charset, named.mapping()) : Optional.empty();
            Mapping mapping = guessed.orElse(named.mapping());
            Iterator<RawRow> all = CsvFile.rows(new ByteArrayInputStream(rows), charset, mapping);
            Preview preview = Preview.of(all, mapping, LINES);
            return PreviewView.of(preview, Optional.of(charset), named, guessed);
        } catch (IOException e) {
            throw ProblemException.invalid("body", "is incomplete");
        }
    }

    /** Reads the rest, because some clients read the answer only after they have sent everything. */
    private static long discarded(InputStream file, long most, Upload limit) throws IOException {
        byte[] rest = new byte[REST];
        long count = 0;
        int length;
        while ((length = file.read(rest)) >= 0) {
            count += length;
            if (count > most) {
                throw limit.tooLarge();
            }
        }
        return count;
    }

    private static int lastLineEnd(byte[] head) {
        int end = head.length;
        while (end > 0 && head[end - 1] != '\n') {
            end--;
        }
        return end;
    }
}
