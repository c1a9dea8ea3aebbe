package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.reading.Preview;
import io.liveness.gateway.statement.xlsx.StoredFile;
import io.liveness.gateway.statement.xlsx.XlsxFile;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** Reads the first lines of a workbook, which is held in memory: its directory is at its end. To be used on a thread that may wait. */
@Singleton
class PreviewWorkbook {

    /** As long as another workbook may be read still. */
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final ImportConfig config;

    PreviewWorkbook(ImportConfig config) {
        this.config = config;
    }

    /** @throws ProblemException when it is too large, no workbook, or without a header; {@code busy} while another one is read */
    PreviewView preview(SentFile file, Upload limit, NamedMapping named, boolean guess) {
        byte[] bytes = received(file, limit);
        file.requireBeginning(bytes, bytes.length);
        Optional<Mapping> guessed = guess ? guess(bytes, named.mapping()) : Optional.empty();
        Mapping mapping = guessed.orElse(named.mapping());
        try (XlsxFile book = open(bytes, mapping)) {
            Preview preview = Preview.of(book.rows(), mapping, PreviewFile.LINES);
            return PreviewView.of(preview, Optional.empty(), named, guessed);
        }
    }

    private Optional<Mapping> guess(byte[] bytes, Mapping base) {
        try (XlsxFile book = open(bytes, base)) {
            return book.guess();
        }
    }

    private XlsxFile open(byte[] bytes, Mapping mapping) {
        return XlsxFile.open(
                StoredFile.of(bytes), mapping, config.maxInflatedSize().asLongValue(), WAIT);
    }

    private static byte[] received(SentFile file, Upload limit) {
        try {
            int most = (int) Math.min(limit.maxBytes(), XlsxFile.mostCompressed());
            byte[] bytes = file.bytes().readNBytes(most);
            // Some clients read the answer only after they have sent everything.
            long rest = file.bytes().transferTo(OutputStream.nullOutputStream());
            if (bytes.length + rest > limit.maxBytes()) {
                throw limit.tooLarge();
            }
            if (rest > 0) {
                throw XlsxFile.tooLarge();
            }
            if (bytes.length == 0) {
                throw ProblemException.invalid("body", "is empty");
            }
            return bytes;
        } catch (IOException e) {
            throw ProblemException.invalid("body", "is incomplete");
        }
    }
}
