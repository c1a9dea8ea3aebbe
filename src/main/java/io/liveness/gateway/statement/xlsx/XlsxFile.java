package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.reading.GuessMapping;
import io.liveness.gateway.statement.reading.Header;
import io.liveness.gateway.statement.reading.RawRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A workbook whose bill is read row by row. It is held in memory, compressed, with the texts that its cells share, so one is open at a time
 * in a process.
 */
public final class XlsxFile implements AutoCloseable {

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Book book;
    private final Mapping mapping;
    private final List<Xml> open = new ArrayList<>();

    private XlsxFile(Book book, Mapping mapping) {
        this.book = book;
        this.mapping = mapping;
    }

    /**
     * Opens a file, when no other one is open any more. To be used on a thread that may wait.
     *
     * @param length of the file in bytes
     * @param mapping its columns and form of dates
     * @param mostInflated limit of the inflated bytes of all parts
     * @throws ProblemException when it is not a readable workbook
     */
    public static XlsxFile open(InputStream file, long length, Mapping mapping, long mostInflated) {
        return open(file, length, mapping, Limits.ofThisHeap(mostInflated), Limits.LONGEST.multipliedBy(2));
    }

    /**
     * Opens a file that is in memory.
     *
     * @param wait as long as another one may be open still
     * @throws ProblemException when it is not a readable workbook, or {@code busy}
     */
    public static XlsxFile open(byte[] file, Mapping mapping, long mostInflated, Duration wait) {
        return open(new ByteArrayInputStream(file), file.length, mapping, Limits.ofThisHeap(mostInflated), wait);
    }

    static XlsxFile open(InputStream file, long length, Mapping mapping, Limits limits, Duration wait) {
        takePlace(wait);
        limits.begin();
        boolean opened = false;
        try (file) {
            if (length > Limits.mostCompressed()) {
                throw tooLarge();
            }
            XlsxFile book = new XlsxFile(new Book(file.readAllBytes(), limits), mapping);
            opened = true;
            return book;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!opened) {
                ONE_AT_A_TIME.release();
            }
        }
    }

    /** In bytes, of a file as it is sent. */
    public static int mostCompressed() {
        return Limits.mostCompressed();
    }

    /** Of a file of more than {@link #mostCompressed}. */
    public static ProblemException tooLarge() {
        return Damage.of("is a workbook of more than " + Limits.mostCompressed()
                + " bytes; send it as CSV, or in parts of a shorter period");
    }

    /**
     * The rows of the first visible sheet that has the header of the mapping, or of the first visible sheet when none has it, each row
     * once. They throw a {@link ProblemException} where the file is damaged. To be called once.
     */
    public Iterator<RawRow> rows() {
        for (int number = 0; book.sheets() > 1 && number < book.sheets(); number++) {
            if (Header.isIn(sheet(number), mapping)) {
                return sheet(number);
            }
        }
        return sheet(0);
    }

    /** The mapping that the first visible sheet with one seems to have, see {@link GuessMapping#in}. */
    public Optional<Mapping> guess() {
        return IntStream.range(0, book.sheets())
                .boxed()
                .flatMap(number -> GuessMapping.in(sheet(number), mapping).stream())
                .findFirst();
    }

    private Sheet sheet(int number) {
        Xml xml = book.sheet(number);
        open.add(xml);
        return new Sheet(xml, book, mapping);
    }

    @Override
    public void close() {
        try {
            open.forEach(Xml::close);
        } finally {
            ONE_AT_A_TIME.release();
        }
    }

    private static void takePlace(Duration wait) {
        boolean taken = false;
        try {
            taken = ONE_AT_A_TIME.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!taken) {
            throw new ProblemException(
                            CommonProblem.BUSY,
                            "Another workbook is being read; send the file again after Retry-After seconds.")
                    .retryAfter(SOON);
        }
    }
}
