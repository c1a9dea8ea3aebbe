package io.liveness.gateway.bill.importing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.bill.importing.ReceiveFile.SentFile;
import io.liveness.gateway.bill.read.BillRows;
import io.liveness.gateway.bill.read.BillWorkbook;
import io.liveness.gateway.bill.read.BillWorkbook.BillSheet;
import io.liveness.gateway.bill.read.BillWorkbook.SheetRows;
import io.liveness.gateway.bill.read.CharsetProbe;
import io.liveness.gateway.bill.read.CsvRows;
import io.liveness.gateway.bill.read.Mapping;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.RawRow;
import io.liveness.gateway.bill.read.StatementReader;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.read.StatementReader.Preview;
import io.liveness.gateway.bill.read.StoreMappings.NamedMapping;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.platform.http.Upload;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the first lines of a file and stores nothing. */
@Singleton
class PreviewFile {

    private static final int LINES = 20;

    /**
     * Bytes of a CSV file that are read: twenty rows and a letterhead, each as long as it may be. A workbook is read
     * whole, because its directory is at its end.
     */
    private static final int HEAD = 4 * 1024 * 1024;

    private static final int REST = 64 * 1024;

    /** How long a preview waits for another workbook that is being read. */
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final ImportPlaces places;
    private final Upload limit;

    PreviewFile(ImportPlaces places, ImportPlaces.Limits config) {
        this.places = places;
        this.limit = ImportPlaces.previewUpload(config);
    }

    /** The first lines as the API tells them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PreviewView(
            String mapping,
            String charset,
            List<BillSheet> sheets,
            int headerLine,
            List<PreviewLine> items,
            Mapping guessed) {

        static PreviewView of(
                Preview preview,
                Optional<Charset> charset,
                Optional<List<BillSheet>> sheets,
                NamedMapping mapping,
                Optional<Mapping> guessed) {
            String currency = guessed.orElse(mapping.mapping()).currency();
            return new PreviewView(
                    mapping.name(),
                    charset.map(Charset::name).orElse(null),
                    sheets.orElse(null),
                    preview.header(),
                    preview.rows().stream()
                            .map(read -> PreviewLine.of(read.row(), read.line(), currency))
                            .toList(),
                    guessed.orElse(null));
        }
    }

    /** One line of a preview. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PreviewLine(
            int line,
            List<String> cells,
            String taskNo,
            Instant time,
            StatedStatus status,
            AmountView amount,
            String problem,
            String problemCode,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> problemParameters) {

        static PreviewLine of(RawRow row, Line line, String currency) {
            return new PreviewLine(
                    line.number(),
                    row.shown(),
                    line.taskNo().orElse(null),
                    line.at().orElse(null),
                    line.status().orElse(null),
                    line.amount()
                            .map(units -> AmountView.of(new Money(units, currency)))
                            .orElse(null),
                    line.problem().map(BillDetail::text).orElse(null),
                    line.problem().map(why -> why.code().code()).orElse(null),
                    line.problem().map(BillDetail::values).orElse(null));
        }
    }

    /** The beginning of a file. */
    private record Head(byte[] bytes, boolean isWhole) {}

    /**
     * Shows the first lines of a file.
     *
     * @param caller the caller that it counts for
     * @param guess whether the columns are to be guessed; the mapping has the rest then
     * @throws ProblemException when it is too large, or has no header in its beginning; {@code busy} while another workbook is read
     */
    PreviewView preview(Caller caller, SentFile file, NamedMapping mapping, boolean guess) {
        places.take(caller);
        try {
            Head head = head(
                    file.bytes(),
                    file.isWorkbook() ? (int) Math.min(limit.maxBytes(), BillWorkbook.mostCompressed()) : HEAD);
            if (file.isWorkbook() && head.bytes().length == 0) {
                throw ProblemException.invalid("body", "file-empty", "is empty");
            }
            file.requireBeginning(head.bytes(), head.bytes().length);
            return file.isWorkbook() ? workbook(head, mapping, guess) : csv(head, mapping, guess);
        } catch (IOException e) {
            throw ProblemException.invalid("body", "file-incomplete", "is incomplete");
        } finally {
            places.leave();
        }
    }

    /** Reads the rest, because some clients read the answer only after they have sent everything. */
    private Head head(InputStream file, int most) throws IOException {
        byte[] head = file.readNBytes(most);
        byte[] rest = new byte[REST];
        long count = head.length;
        int length;
        while ((length = file.read(rest)) >= 0) {
            count += length;
            if (count > limit.maxBytes()) {
                throw limit.tooLarge();
            }
        }
        return new Head(head, count == head.length);
    }

    private static PreviewView csv(Head head, NamedMapping named, boolean guess) throws IOException {
        byte[] bytes = head.bytes();
        CharsetProbe probe = new CharsetProbe();
        probe.add(bytes, bytes.length);
        Charset charset = head.isWhole() ? probe.charset() : probe.charsetSoFar();
        byte[] rows = head.isWhole() ? bytes : Arrays.copyOf(bytes, CharsetProbe.lastLineEnd(bytes, charset));
        Optional<Mapping> guessed =
                guess ? CsvRows.guess(new ByteArrayInputStream(rows), charset, named.mapping()) : Optional.empty();
        Mapping mapping = guessed.orElse(named.mapping());
        BillRows bill = BillRows.of(CsvRows.rows(new ByteArrayInputStream(rows), charset, mapping), mapping);
        Preview preview = StatementReader.preview(bill.rows(), bill.mapping(), LINES);
        return PreviewView.of(preview, Optional.of(charset), Optional.empty(), named, guessed);
    }

    private static PreviewView workbook(Head head, NamedMapping named, boolean guess) {
        byte[] bytes = head.bytes();
        if (!head.isWhole()) {
            throw BillWorkbook.tooLarge();
        }
        try (BillWorkbook book = BillWorkbook.open(new ByteArrayInputStream(bytes), BillWorkbook.place(WAIT))) {
            Optional<Mapping> guessed = guess ? book.guess(named.mapping()) : Optional.empty();
            Mapping mapping = guessed.orElse(named.mapping());
            SheetRows rows = book.rows(mapping);
            BillRows bill = BillRows.of(rows, mapping);
            Preview preview = StatementReader.preview(bill.rows(), bill.mapping(), LINES);
            return PreviewView.of(preview, Optional.empty(), Optional.of(rows.sheets()), named, guessed);
        }
    }
}
