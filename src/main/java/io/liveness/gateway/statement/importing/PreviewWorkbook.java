package io.liveness.gateway.statement.importing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.ReceivedFile;
import io.liveness.gateway.statement.RemoveStatements;
import io.liveness.gateway.statement.StoreStatements;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.reading.Preview;
import io.liveness.gateway.statement.xlsx.StoredFile;
import io.liveness.gateway.statement.xlsx.XlsxFile;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Reads the first lines of a workbook. Its directory is at its end, so a large one is stored in the database until it is shown, as a dry
 * run that no list shows. To be used on a thread that may wait.
 */
@Singleton
class PreviewWorkbook {

    private static final Logger LOG = Logger.getLogger(PreviewWorkbook.class);

    /** As large it may be to be held in memory. */
    private static final int SMALL = 1024 * 1024;

    private final StoreStatements statements;
    private final RemoveStatements remove;
    private final ReceiveFile receive;
    private final Pieces pieces;
    private final ImportConfig config;
    private final Clock clock;

    PreviewWorkbook(
            StoreStatements statements,
            RemoveStatements remove,
            ReceiveFile receive,
            Pieces pieces,
            ImportConfig config,
            Clock clock) {
        this.statements = statements;
        this.remove = remove;
        this.receive = receive;
        this.pieces = pieces;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Stores nothing in the end.
     *
     * @param by the actor
     * @throws ProblemException when it is too large, no workbook, or without a header
     */
    PreviewView preview(SentFile file, Upload limit, NamedMapping mapping, String by) {
        byte[] head = head(file.bytes());
        if (head.length == 0) {
            throw ProblemException.invalid("body", "is empty");
        }
        file.requireBeginning(head, head.length);
        if (head.length < SMALL) {
            if (head.length > limit.maxBytes()) {
                throw limit.tooLarge();
            }
            return view(StoredFile.of(head), mapping);
        }
        UUID id = UuidCreator.getTimeOrderedEpoch(clock.instant());
        statements.begin(id, order(mapping, by)).await().indefinitely();
        try {
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), file.bytes());
            ReceivedFile received = receive.receive(new SentFile(whole, file.type()), limit, id);
            return view(pieces.file(id, received.bytes(), read -> {}), mapping);
        } finally {
            removeQuietly(id);
        }
    }

    private static byte[] head(InputStream file) {
        try {
            return file.readNBytes(SMALL);
        } catch (IOException e) {
            throw ProblemException.invalid("body", "is incomplete");
        }
    }

    private PreviewView view(StoredFile file, NamedMapping mapping) {
        try (XlsxFile book =
                XlsxFile.open(file, mapping.mapping(), config.maxInflatedSize().asLongValue())) {
            return PreviewView.of(
                    Preview.of(book.rows(), mapping.mapping(), PreviewFile.LINES), Optional.empty(), mapping);
        }
    }

    private static ImportOrder order(NamedMapping mapping, String by) {
        return new ImportOrder(
                mapping,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                by);
    }

    private void removeQuietly(UUID id) {
        try {
            remove.all(id).await().indefinitely();
        } catch (RuntimeException e) {
            // What is left is removed by a later import.
            LOG.warnf("statement.not-removed id=%s cause=%s", id, e.getMessage());
        }
    }
}
